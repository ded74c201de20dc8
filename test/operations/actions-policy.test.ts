import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MajorVersion, Tier } from "../../src/db/enums.js";
import { exports_, instances, snapshots } from "../../src/db/tables/index.js";
import { requestCancel } from "../../src/operations/request-cancel.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestCreateFromSnapshot, requestExport } from "../../src/operations/request-from-snapshot.js";
import { operationQueue } from "../../src/operations/request-operation.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { insertInstance, snapshotRow } from "../snapshots/rows.js";
import { type ServiceParts, startServiceParts } from "../support/service-parts.js";

let parts: ServiceParts;
beforeAll(async () => {
  parts = await startServiceParts();
});
afterAll(() => parts.close());

/** An export window that is open whenever the test runs. */
const always = {
  restorableUntil: new Date("9999-01-01T00:00:00Z"),
  exportableUntil: new Date("9999-01-01T00:00:00Z"),
};

/** Asks for an instance of a snapshot of another; `null` where that is granted, else the field that is to blame. */
async function blamed(
  from: { tier: Tier; version: MajorVersion },
  to: { tier?: Tier; version?: MajorVersion; region?: string },
): Promise<string | null> {
  const { context, viewer, work } = parts;
  const sourceId = await insertInstance(work.db, viewer, { ...from, status: "RUNNING", generation: 1 });
  const row = snapshotRow(viewer, sourceId, always);
  await work.db.insert(snapshots).values(row);
  // Recorded, and no worker told of it: there is no artifact to read.
  const idle = { ...context, jobs: { ...context.jobs, enqueue: () => Promise.resolve() } };
  const result = await requestCreateFromSnapshot(idle, viewer, { snapshotId: row.id, name: "clone", ...to });
  if (result.operation) {
    const [made] = await work.db
      .select()
      .from(instances)
      .where(eq(instances.id, result.operation.instanceId));
    expect(made).toMatchObject({ ...from, ...to, sourceSnapshotId: row.id });
    return null;
  }
  const [error] = result.errors;
  expect(error.kind).toBe("InvalidInput");
  return error.path.join(".");
}

it.each(defaultRetentionTable.rows)(
  "what a user takes of $tier $version is a FULL, whatever the day holds",
  async ({ tier, version }) => {
    const { context, viewer, work } = parts;
    const home = { tier, version, status: "RUNNING", generation: 1 } as const;
    const instanceId = await insertInstance(work.db, viewer, home);
    const today = { type: "SCHEDULED", takenAt: context.clock.now(), ...always } as const;
    await work.db.insert(snapshots).values(snapshotRow(viewer, instanceId, today));
    const idle = { ...context, jobs: { ...context.jobs, enqueue: () => Promise.resolve() } };
    const { operation } = await requestTakeSnapshot(idle, viewer, { instanceId });
    const taken = eq(snapshots.id, operation?.snapshotId ?? "");
    expect(await work.db.select().from(snapshots).where(taken)).toMatchObject([
      { type: "ON_DEMAND", kind: "FULL", baseId: null },
    ]);
  },
);

describe("an instance made of a snapshot", () => {
  it.each<[Tier, Tier, string | null]>([
    ["PROFESSIONAL", "PROFESSIONAL", null],
    ["FREE", "PROFESSIONAL", null],
    ["PROFESSIONAL", "VIRTUAL_DEDICATED_CLOUD", null],
    ["BUSINESS_CRITICAL", "PROFESSIONAL", "input.tier"],
    ["PROFESSIONAL", "FREE", "input.tier"],
    ["DS_PROFESSIONAL", "DS_ENTERPRISE", null],
    ["DS_ENTERPRISE", "DS_PROFESSIONAL", "input.tier"],
    ["DS_PROFESSIONAL", "VIRTUAL_DEDICATED_CLOUD", "input.tier"],
    ["PROFESSIONAL", "DS_ENTERPRISE", "input.tier"],
  ])("is of the same tier family or larger: %s to %s", async (from, to, blame) => {
    expect(await blamed({ tier: from, version: "V5" }, { tier: to })).toBe(blame);
  });

  it("may go from V4 to V5 and never back", async () => {
    expect(await blamed({ tier: "PROFESSIONAL", version: "V4" }, { version: "V5" })).toBeNull();
    expect(await blamed({ tier: "PROFESSIONAL", version: "V5" }, { version: "V4" })).toBe("input.version");
    const critical = { tier: "BUSINESS_CRITICAL" } as const;
    expect(await blamed({ tier: "PROFESSIONAL", version: "V4" }, critical)).toBe("input.version");
    expect(await blamed({ tier: "PROFESSIONAL", version: "V4" }, { ...critical, version: "V5" })).toBeNull();
  });

  it("lives in a region of its source's cloud", async () => {
    const source = { tier: "PROFESSIONAL", version: "V5" } as const;
    expect(await blamed(source, { region: "us-east-1" })).toBeNull();
    expect(await blamed(source, { region: "westeurope" })).toBe("input.region");
  });
});

async function create(tier: Tier, version: MajorVersion, name: string): Promise<string> {
  const place = { cloudProvider: "AWS", region: "eu-west-1" } as const;
  const made = await parts.follow(
    await requestCreateInstance(parts.context, parts.viewer, { ...place, tier, version, name }),
  );
  expect(made.at(-1)?.status).toBe("SUCCEEDED");
  return made[0]!.instanceId;
}
const objects = async (instanceId: string) =>
  (await readdir(join(parts.directory, "store"), { recursive: true })).filter((path) =>
    path.includes(instanceId),
  );

it("the export of a V4 instance is a .dump", async () => {
  const { context, viewer, work } = parts;
  const instanceId = await create("PROFESSIONAL", "V4", "old");
  const taken = await parts.follow(await requestTakeSnapshot(context, viewer, { instanceId }));
  const snapshotId = taken[0]!.snapshotId!;
  const exported = await parts.follow(await requestExport(context, viewer, { snapshotId }));
  const [file] = await work.db.select().from(exports_).where(eq(exports_.operationId, exported[0]!.id));
  expect(file).toMatchObject({ fileName: expect.stringMatching(/^old-.*\.dump$/) as string });
  expect(file?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

it("artifacts lie below their instance's provider and region", async () => {
  const instanceId = await create("PROFESSIONAL", "V5", "placed");
  await parts.follow(await requestTakeSnapshot(parts.context, parts.viewer, { instanceId }));
  const paths = await objects(instanceId);
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) expect(path).toContain("aws/eu-west-1/");
});

it("a canceled snapshot leaves no artifact, and the earlier one as it was, on the free tier too", async () => {
  const { context, viewer, work } = parts;
  const instanceId = await create("FREE", "V5", "free");
  const first = await parts.follow(await requestTakeSnapshot(context, viewer, { instanceId }));
  const read = async (id: string | null | undefined) =>
    (
      await work.db
        .select()
        .from(snapshots)
        .where(eq(snapshots.id, id ?? ""))
    )[0];
  const [before, stored] = [await read(first[0]!.snapshotId), (await objects(instanceId)).sort()];
  // It waits for its job until the cancel has come, which so is always in time.
  const idle = { ...context, jobs: { ...context.jobs, enqueue: () => Promise.resolve() } };
  const second = await requestTakeSnapshot(idle, viewer, { instanceId });
  await requestCancel(context, viewer, { operationId: second.operation!.id });
  await work.db.transaction((tx) => context.jobs.enqueue(tx, operationQueue, { id: second.operation!.id }));
  const ended = await parts.follow(second);
  expect(ended.at(-1)?.status).toBe("CANCELED");
  expect((await read(second.operation!.snapshotId))?.status).toBe("CANCELED");
  expect(await read(first[0]!.snapshotId)).toEqual(before);
  expect((await objects(instanceId)).sort()).toEqual(stored);
});
