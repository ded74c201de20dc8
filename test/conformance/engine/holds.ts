import { expect, it } from "vitest";
import { copyOf } from "./captures.js";
import { records, type Subject } from "./harness.js";

export function holdSection(subject: Subject): void {
  const { engine, other, harness, prepared, list } = subject;

  it("holds writes and lets reads by; at resume they run in order", async () => {
    const generation = await prepared(records(1));
    const { incrementAll } = harness().dialect;
    const hold = await engine().holdWrites(generation);
    let done = 0;
    const writes = [engine(), other(), other()].map((driver) =>
      driver.query(generation, incrementAll).then(() => ++done),
    );
    expect(await list(generation)).toEqual([[1, 0]]);
    expect((await other().query(generation, harness().dialect.count)).values).toEqual([[1]]);
    expect(done).toBe(0);
    await hold.resume();
    await hold.resume();
    await Promise.all(writes);
    expect(await list(generation)).toEqual([[1, 3]]);
    await hold.retire();
    expect((await engine().query(generation, incrementAll)).wrote).toBe(true);
  });

  it("retires: waiting and later writes fail with MOVED and change nothing, everywhere", async () => {
    const generation = await prepared(records(1));
    const copy = { ...generation, number: 2 };
    await copyOf(engine(), generation, copy);
    const { incrementAll } = harness().dialect;
    const hold = await engine().holdWrites(generation);
    const moved = { code: "MOVED", outcomeUnknown: false };
    const waiting = expect(other().query(generation, incrementAll)).rejects.toMatchObject(moved);
    await hold.retire();
    await hold.retire();
    await waiting;
    await expect(engine().query(generation, incrementAll)).rejects.toMatchObject(moved);
    await subject.crash(generation);
    await expect(other().query(generation, incrementAll)).rejects.toMatchObject(moved);
    expect(await list(generation)).toEqual([[1, 0]]);
    expect((await engine().query(copy, incrementAll)).wrote).toBe(true);
    await engine().drop(generation);
  });

  it("ends a hold when its holder closes, so that no writer waits for ever", async () => {
    const generation = await prepared(records(1));
    const third = harness().engine({ maxResultRows: 10 });
    const hold = await third.holdWrites(generation);
    const waiting = other().query(generation, harness().dialect.incrementAll);
    await third.close();
    expect((await waiting).wrote).toBe(true);
    await expect(hold.retire()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("gives holds one after another", async () => {
    const generation = await prepared(records(1));
    const first = await engine().holdWrites(generation);
    const second = other().holdWrites(generation);
    await first.resume();
    await (await second).resume();
    await engine().query(generation, harness().dialect.incrementAll);
    expect(await list(generation)).toEqual([[1, 1]]);
  });
}
