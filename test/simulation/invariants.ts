import { and, count, eq, inArray, lte, sql } from "drizzle-orm";
import { operations, slots, snapshots } from "../../src/db/tables/index.js";
import { mendSchedules } from "../../src/snapshots/mend-schedules.js";
import { matching } from "../../src/snapshots/snapshot-filter.queries.js";
import { listSnapshotPages } from "../../src/snapshots/snapshots.queries.js";
import { isKept, type Ledger } from "./ledger.js";
import { hourMs, isWithin, orphanGraceMs, type Span, start } from "./plan.js";
import type { World } from "./world.js";

const shown = { status: "COMPLETED" } as const;

/** What the list says of every instance at this instant, in figures that differ where the lists do. Also while the service is down. */
export async function checkLists(world: World, ledgers: ReadonlyMap<string, Ledger>): Promise<void> {
  const now = world.clock.now();
  const rows = await world.db
    .select({
      instanceId: snapshots.instanceId,
      total: count(),
      restorable: sql<number>`(count(*) filter (where ${matching({ restorableOnly: true }, now)}))::int`,
      instants: sql<string>`sum(extract(epoch from ${snapshots.takenAt}) * 1000)`,
    })
    .from(snapshots)
    .where(matching(shown, now))
    .groupBy(snapshots.instanceId);
  const found = new Map(rows.map((row) => [row.instanceId, row]));
  for (const [id, ledger] of ledgers) {
    let [total, restorable, instants] = [0, 0, 0];
    for (const entry of ledger.current) {
      if (!isKept(entry, now.getTime())) continue;
      total++;
      instants += entry.takenAt.getTime();
      if (entry.facts.artifactState === "PRESENT" && entry.facts.chainBrokenAt === null) restorable++;
    }
    const row = found.get(id) ?? { total: 0, restorable: 0, instants: "0" };
    const [listed, ruled] = [
      `${row.total} ${row.restorable} ${Number(row.instants)}`,
      `${total} ${restorable} ${instants}`,
    ];
    if (listed !== ruled)
      ledger.fail(`at ${now.toISOString()} the list has ${listed}, by the rules ${ruled}`);
  }
}

/** Every row of every tab, with its flags, as the resolvers read it. */
export async function checkTabs(world: World, ledgers: ReadonlyMap<string, Ledger>): Promise<void> {
  const now = world.clock.now();
  const page = { from: "start", limit: 5000 } as const;
  const ids = [...ledgers.keys()];
  const read = (filter: Parameters<typeof listSnapshotPages>[4]) =>
    listSnapshotPages(world.db, world.viewer, ids, page, filter, now);
  const [all, restorable, exportable] = [
    await read(shown),
    await read({ restorableOnly: true }),
    await read({ exportableOnly: true }),
  ];
  for (const [id, ledger] of ledgers) {
    const listed = ledger.listed(now);
    for (const [what, rows, entries] of [
      ["the tab", all, listed],
      ["restorableOnly", restorable, listed.filter((entry) => ledger.restorable(entry, now))],
      ["exportableOnly", exportable, listed.filter((entry) => ledger.exportable(entry, now))],
    ] as const) {
      const ids = rows.get(id)?.rows.map((row) => row.id) ?? [];
      if (ids.join() !== entries.map((entry) => entry.id).join())
        ledger.fail(
          `at ${now.toISOString()} ${what} shows ${ids.length} snapshots, by the rules ${entries.length}`,
        );
    }
    for (const row of restorable.get(id)?.rows ?? [])
      for (let each = ledger.byId.get(row.id); each; each = each.base ?? undefined)
        if (each.facts.artifactState !== "PRESENT")
          ledger.fail(`${row.id} is restorable without its whole chain`);
  }
}

/** After a sweep: what is needed is there, what is not has gone, and each that left a list has been told of. */
export function checkStore(
  world: World,
  ledgers: ReadonlyMap<string, Ledger>,
  removed: ReadonlySet<string>,
): void {
  const now = world.clock.now().getTime();
  const stored = new Set(world.store.keys().map((key) => key.slice(0, key.lastIndexOf("/") + 1)));
  for (const ledger of ledgers.values()) {
    const needed = ledger.needed(now);
    for (const entry of ledger.current) {
      const there = stored.has(entry.artifactKey);
      if (needed.has(entry) && !there && !entry.vanished) ledger.fail(`${entry.id} has lost its artifact`);
      if (!needed.has(entry) && there) ledger.fail(`${entry.id} has kept its artifact for nobody`);
      if (entry.gone || isKept(entry, now)) continue;
      if (!removed.has(entry.id)) ledger.fail(`${entry.id} left the list, and nobody was told`);
      entry.gone = true;
    }
    ledger.forget(needed);
  }
}

/** Takes note that a snapshot has left the list. Nothing brings one back into it, so that a second time is one too many. */
export function noteRemoval(
  { id, instanceId }: { readonly id: string; readonly instanceId: string },
  ledgers: ReadonlyMap<string, Ledger>,
  removed: Set<string>,
): void {
  if (removed.has(id)) ledgers.get(instanceId)?.fail(`${id} left the list before, and that is told again`);
  removed.add(id);
}

/** Nothing is overdue, nothing unfinished, and no object without a row is older than the sweep lets it become. */
export async function checkSettled(world: World): Promise<void> {
  const now = world.clock.now();
  const overdue = await world.db.select().from(slots).where(lte(slots.dueAt, now));
  const unfinished = inArray(operations.status, ["QUEUED", "RUNNING", "CANCELING"]);
  const open = await world.db.select().from(operations).where(unfinished);
  for (const { instanceId } of [...overdue, ...open])
    throw new Error(
      `seed ${world.seedOf(instanceId)}: ${now.toISOString()} has an overdue slot or an open operation`,
    );
  const known = await world.db
    .select({ key: snapshots.artifactKey })
    .from(snapshots)
    .where(and(inArray(snapshots.artifactState, ["PRESENT", "DAMAGED"]), eq(snapshots.status, "COMPLETED")));
  const keys = new Set(known.map((row) => row.key));
  for await (const { key, modifiedAt } of world.store.list("")) {
    const young = modifiedAt.getTime() + orphanGraceMs > now.getTime();
    if (!young && !keys.has(key.slice(0, key.lastIndexOf("/") + 1)))
      throw new Error(`seed ${world.seedOf(key.split("/")[3] ?? "")}: ${key} is an orphan after the sweep`);
  }
}

/** No schedule is ever lost, so that there is none to be mended. */
export async function checkSchedules({ db, work, clock }: World): Promise<void> {
  const mended = await mendSchedules({ db, policy: work.policy, now: clock.now() });
  if (mended > 0) throw new Error(`${clock.now().toISOString()} finds ${mended} schedules lost`);
}

/** Whole days in which nothing went wrong hold what the table says. */
export function checkDay(ledger: Ledger, day: number, downtimes: readonly Span[]): void {
  const { plan, createdAt, deletedAt } = ledger.member;
  const { cadenceHours, scheduledPerDay } = ledger.row;
  if (cadenceHours === null) return;
  const from = start.getTime() + day * 24 * hourMs;
  if (createdAt.getTime() >= from) return;
  if (deletedAt && deletedAt.getTime() < from + 25 * hourMs) return;
  const hours = Array.from({ length: 26 }, (_, index) => day * 24 - 1 + index);
  if (hours.some((hour) => isWithin(downtimes, hour))) return;
  const inDay = ledger.entries.filter((entry) => {
    const at = (entry.slotAt ?? entry.takenAt).getTime();
    return entry.facts.type === "SCHEDULED" && at >= from && at < from + 24 * hourMs;
  });
  const cadence = inDay.filter((entry) => entry.cause === "CADENCE");
  const owed = slotsOf(createdAt, cadenceHours, from);
  // An outage costs only the slots that end in it, or too soon after it for another try.
  const lost = owed.filter((slotAt) => {
    const slot = [slotAt, slotAt + cadenceHours * hourMs] as const;
    const cut =
      downtimes.some((downtime) => overlap(msOf(downtime), slot)) ||
      (deletedAt !== undefined && deletedAt.getTime() < slot[1]);
    return plan.outages.some(
      (outage) => overlap(msOf(outage), slot) && (cut || msOf(outage)[1] > slot[1] - nextTryMs),
    );
  });
  if (cadence.length > owed.length || cadence.length < owed.length - lost.length)
    ledger.fail(
      `day ${day} has ${cadence.length} slots taken of ${owed.length}, with ${lost.length} excused`,
    );
  if (hours.some((hour) => isWithin(plan.outages, hour))) return;
  const disturbed = [...plan.damageAt, ...plan.systemChangeAt, ...plan.restoreAt].some((hour) =>
    hours.includes(hour),
  );
  if (disturbed) return;
  for (const [kind, perDay] of Object.entries(scheduledPerDay)) {
    const taken = inDay.filter((entry) => entry.facts.kind === kind).length;
    if (taken !== perDay) ledger.fail(`day ${day} has ${taken} ${kind}, not ${perDay}`);
  }
}

/** The instants of the cadence in a day that begins at `from`. */
function slotsOf(createdAt: Date, cadenceHours: number, from: number): number[] {
  const step = cadenceHours * hourMs;
  const first = createdAt.getTime() + Math.ceil((from - createdAt.getTime()) / step) * step;
  return Array.from({ length: 24 / cadenceHours }, (_, index) => first + index * step);
}

/** The longest pause between two tries, and the pauses of those that find their instance busy. */
const nextTryMs = hourMs + 60_000;

const msOf = ([from, to]: Span): Span => [start.getTime() + from * hourMs, start.getTime() + to * hourMs];
const overlap = (one: Span, other: Span): boolean => one[0] < other[1] && one[1] > other[0];
