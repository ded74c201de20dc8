import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { slots, snapshots } from "../../src/db/tables/index.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import type { Ledger } from "./ledger.js";
import { hourMs, planOf } from "./plan.js";
import { simulate, type Simulation } from "./simulate.js";
import type { World } from "./world.js";

/** Calm, with a window that closes soon: seven days of SHORT_RETENTION. */
const seed = defaultRetentionTable.rows.findIndex(
  ({ tier, version }) => tier === "VIRTUAL_DEDICATED_CLOUD" && version === "V4",
);
const live = (meddle: Simulation["meddle"]) =>
  simulate({ plans: [planOf(seed, true)], days: 10, downtimes: [], meddle });
const entriesOf = (ledgers: ReadonlyMap<string, Ledger>) =>
  [...ledgers.values()].flatMap((each) => each.entries);

/** Does it once, at the first hour after so many days. */
function once(day: number, act: (world: World, ledgers: ReadonlyMap<string, Ledger>) => Promise<unknown>) {
  let done = false;
  return async (world: World, ledgers: ReadonlyMap<string, Ledger>, hour: number) => {
    if (done || hour < day * 24) return;
    done = true;
    await act(world, ledgers);
  };
}

test("left alone, the same days pass", async () => {
  expect((await live(undefined)).completed).toBeGreaterThan(30);
}, 300_000);

test.each<readonly [string, Simulation["meddle"], RegExp]>([
  [
    "a purge that comes an hour early",
    async (world) => {
      const early = new Date(world.clock.now().getTime() + hourMs);
      await purgeArtifacts({ ...world.work, clock: { now: () => early } }, { dueAt: early });
    },
    /has lost its artifact|the list has/,
  ],
  [
    "a slot that is passed over",
    once(4, (world) => world.db.update(slots).set({ ...later("slot_at"), ...later("due_at") })),
    /slots taken|, not /,
  ],
  [
    "an artifact that is kept for nobody",
    once(2, (world) => world.db.update(snapshots).set({ purgeCheckAt: null })),
    /has kept its artifact for nobody/,
  ],
  [
    "an object without a row that the sweep does not see",
    once(3, async (world, ledgers) => {
      const key = entriesOf(ledgers)[0]!.artifactKey.replace(/-\d+\/$/, "-9/");
      const list = world.artifacts.list.bind(world.artifacts);
      world.artifacts.list = (prefix) => hide(list(prefix), key);
      await world.store.put(`${key}manifest.json`, bytes());
    }),
    /is an orphan after the sweep/,
  ],
  [
    "a window that is an hour too long",
    once(3, (world) =>
      world.db
        .update(snapshots)
        .set({ restorableUntil: sql`${snapshots.restorableUntil} + interval '1 hour'` })
        .where(eq(snapshots.kind, "SHORT_RETENTION")),
    ),
    /the list has/,
  ],
  [
    "a snapshot that nobody took",
    once(3, async (world) => {
      const [row] = await world.db
        .select()
        .from(snapshots)
        .where(eq(snapshots.kind, "SHORT_RETENTION"))
        .limit(1);
      const copy = { ...row!, id: crypto.randomUUID(), slotAt: null, artifactKey: `${row!.artifactKey}2/` };
      await world.db.insert(snapshots).values({ ...copy, chainRootId: copy.id });
    }),
    /the list has/,
  ],
  [
    "a removal that is told again",
    once(9, (world, ledgers) => {
      const { id } = entriesOf(ledgers).find((entry) => entry.gone)!;
      const { instanceId } = world.members[0]!;
      const again = { topic: "snapshot", id, instanceId, change: "REMOVED" } as const;
      return world.db.transaction((tx) => world.work.events.publish(tx, again));
    }),
    /left the list before, and that is told again/,
  ],
])(
  "the checks find %s, and name the seed",
  async (_, meddle, message) => {
    const fault = await live(meddle).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(fault).toMatch(message);
    expect(fault).toContain(`seed ${seed}`);
  },
  300_000,
);

const later = (column: "slot_at" | "due_at") => ({
  [column === "slot_at" ? "slotAt" : "dueAt"]: sql`${sql.identifier(column)} + interval '6 hours'`,
});
async function* bytes() {
  yield Buffer.from("left behind");
}
async function* hide<T extends { key: string }>(listed: AsyncIterable<T>, key: string) {
  for await (const each of listed) if (each.key !== key) yield each;
}
