import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/api/limits/admission.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { rateBuckets } from "../../src/db/tables/index.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase } from "../support/database.js";
import { shareBuckets, sweepBuckets } from "../../src/api/limits/share-buckets.js";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3::", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
])("the strangers of %s are counted as those of %s", (address, network) => {
  expect(bucketOf({ address })).toBe(`address ${network}`);
});

describe("a bucket", () => {
  const clock = createTestClock(new Date(0));
  const open = () => new Buckets({ clock, capacity: 100, perSecond: 10 });

  it("refuses what would overflow, says truly when to come again, and leaks", () => {
    const buckets = open();
    expect(buckets.take("a", 60)).toMatchObject({ allowed: true, remaining: 40 });
    expect(buckets.take("a", 60)).toMatchObject({ allowed: false, remaining: 40, retryAfter: 2 });
    expect(buckets.take("b", 60).allowed).toBe(true);
    clock.advance(1999);
    expect(buckets.take("a", 60).allowed).toBe(false);
    clock.advance(1);
    expect(buckets.take("a", 60)).toMatchObject({ allowed: true, remaining: 0, emptyAfter: 10 });
  });

  it("takes back what was not used, and admits once what is larger than itself", () => {
    const buckets = open();
    buckets.take("a", 90);
    expect(buckets.settle("a", -80)).toMatchObject({ remaining: 90 });
    expect(buckets.take("c", 1000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(buckets.take("c", 1)).toMatchObject({ allowed: false, retryAfter: 1 });
  });

  it("is not forgotten before it has run empty, however many others there are", () => {
    const buckets = open();
    buckets.take("full", 100);
    for (let n = 0; n < 10_001; n++) buckets.take(`other ${n}`, 0);
    expect(buckets.take("full", 1).allowed).toBe(false);
  });

  it("is one for all processes, once they have heard of each other", async () => {
    const { db, drop } = await createTestDatabase();
    const [one, other] = [open(), open()];
    one.take("a", 70);
    other.take("a", 60);
    await shareBuckets(db, one);
    await shareBuckets(db, other);
    // By the database's clock some of it has leaked meanwhile.
    expect(other.take("a", 30).allowed).toBe(false);
    one.settle("a", -20);
    await shareBuckets(db, one);
    other.take("a", 0.001);
    await shareBuckets(db, other);
    expect(other.take("a", 15).remaining).toBeLessThan(35);
    await shareBuckets(db, one);
    expect(await db.$count(rateBuckets)).toBe(1);
    await sweepBuckets(db, one).run();
    expect(await db.$count(rateBuckets)).toBe(1);
    await db.update(rateBuckets).set({ updatedAt: new Date(0) });
    expect(await sweepBuckets(db, one).run()).toBe(1);
    await drop();
  });
});
