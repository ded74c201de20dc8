import { inArray } from "drizzle-orm";
import { snapshots } from "../../src/db/tables/index.js";
import { requestRestore } from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { orphanObjects } from "../../src/operations/orphan-objects.js";
import { sweepOrphans } from "../../src/operations/sweep-orphans.js";
import { holdSnapshot, releaseSnapshot } from "../../src/snapshots/hold-snapshot.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { reportSystemChange } from "../../src/snapshots/report-system-change.js";
import {
  checkDay,
  checkLists,
  checkSchedules,
  checkSettled,
  checkStore,
  checkTabs,
  noteRemoval,
} from "./invariants.js";
import { Ledger } from "./ledger.js";
import { actsAt, createdAtOf, hourMs, isWithin, orphanGraceMs, type Plan, type Span, start } from "./plan.js";
import { begun, createWorld, type Member, type World } from "./world.js";

export interface Simulation {
  readonly plans: readonly Plan[];
  readonly days: number;
  readonly downtimes: readonly Span[];
  /** Does, before the sweep of each hour, what the product must not: a check has to find it. */
  readonly meddle?: (world: World, ledgers: ReadonlyMap<string, Ledger>, hour: number) => Promise<unknown>;
  /** Called at each hour, after all invariants have been found to hold. */
  readonly atHour?: (ledgers: ReadonlyMap<string, Ledger>, now: Date, hour: number) => void;
}

/** Lives through the days, and throws at the first hour at which an invariant does not hold, naming the seed. */
export async function simulate({
  plans,
  days,
  downtimes,
  atHour,
  meddle,
}: Simulation): Promise<{ completed: number }> {
  const world = await createWorld(plans);
  const ledgers = new Map<string, Ledger>();
  const removed = new Set<string>();
  let completed = 0;

  /** Takes over what has happened: first what was found damaged, then what has been taken. */
  async function takeOver(taken: SnapshotRow[]): Promise<void> {
    await learnDamage(world, ledgers);
    for (const snapshot of taken.sort((a, b) => a.takenAt.getTime() - b.takenAt.getTime()))
      ledgers.get(snapshot.instanceId)?.complete(snapshot);
    completed += taken.length;
    listen();
  }
  function listen(): void {
    for (const event of world.told.splice(0))
      if (event.topic === "snapshot" && event.change === "REMOVED") noteRemoval(event, ledgers, removed);
  }
  /** Lets the service do what comes due before `end`, each thing at its instant. */
  const settleUntil = async (end: Date): Promise<void> => {
    for (;;) {
      const { open, dueAt } = await world.pending();
      if (open.length > 0) await takeOver(await world.runOpen(open));
      if (!dueAt || dueAt >= end) {
        if (open.length === 0) return;
        continue;
      }
      // As it is with any number of workers: what is at work does not keep the scheduler from looking.
      if (open.length === 0 && dueAt > world.clock.now()) world.setTime(dueAt);
      if (dueAt <= world.clock.now()) await world.tick();
    }
  };

  try {
    const objects = sweepOrphans(orphanObjects(world.work), {
      ...{ name: "objects", everyMs: 0, clock: world.clock, logger: world.logger, graceMs: orphanGraceMs },
    });
    for (let hour = 0; hour <= days * 24; hour++) {
      const now = new Date(start.getTime() + hour * hourMs);
      world.setTime(now);
      if (isWithin(downtimes, hour)) {
        await checkLists(world, ledgers);
        continue;
      }
      // What was due before is looked at again a little later where it found its instance busy.
      await settleUntil(new Date(now.getTime() + 1));
      await meddle?.(world, ledgers, hour);
      await world.sweep();
      listen();
      await checkLists(world, ledgers);
      checkStore(world, ledgers, removed);
      if (hour % 24 === 0) {
        await objects.run();
        await checkSettled(world);
        await checkSchedules(world);
        for (const ledger of ledgers.values()) checkDay(ledger, hour / 24 - 2, downtimes);
      }
      if (hour % 240 === 0)
        console.log(`day ${hour / 24}: ${completed} snapshots of ${ledgers.size} instances`);
      if (hour % 120 === 0) {
        await world.analyze();
        await checkTabs(world, ledgers);
      }
      atHour?.(ledgers, now, hour);
      for (const { at, happen } of eventsOf(world, ledgers, hour)) {
        // What is due at that very instant comes first, as the preview has it.
        await settleUntil(new Date(at.getTime() + 1));
        if (at > world.clock.now()) world.setTime(at);
        await happen();
      }
      await settleUntil(new Date(now.getTime() + hourMs));
    }
    return { completed };
  } finally {
    await world.close();
  }
}

interface Happening {
  readonly at: Date;
  readonly happen: () => Promise<void>;
}

/** What the plans have happen within an hour, in the order of time. */
function eventsOf(world: World, ledgers: Map<string, Ledger>, hour: number): Happening[] {
  const created = world.members
    .filter(({ plan, instanceId }) => hour >= plan.createdAtHour && !instanceId)
    .map((member) => ({
      at: createdAtOf(member.plan, hour),
      happen: async () => {
        await world.create(member);
        ledgers.set(member.instanceId, new Ledger(member));
      },
    }));
  const acted = world.members
    .filter((member) => hasPlans(member, hour))
    .map((member) => ({
      at: actsAt(member.plan, hour),
      happen: async () => {
        const ledger = ledgers.get(member.instanceId);
        if (ledger) await act(world, ledger, hour);
      },
    }));
  return [...created, ...acted].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function hasPlans({ plan, deletedAt }: Member, hour: number): boolean {
  const { hold, deletedAtHour, damageAt, systemChangeAt, onDemandAt, restoreAt } = plan;
  const deletes = !deletedAt && deletedAtHour !== undefined && hour >= deletedAtHour;
  const sets = [damageAt, systemChangeAt, onDemandAt, restoreAt];
  return deletes || hold?.includes(hour) === true || sets.some((set) => set.has(hour));
}

async function learnDamage(world: World, ledgers: ReadonlyMap<string, Ledger>): Promise<void> {
  const changed = world.told.flatMap((event) => {
    if (event.topic !== "snapshot" || event.change !== "UPDATED") return [];
    return ledgers.get(event.instanceId)?.byId.has(event.id) ? [event.id] : [];
  });
  if (changed.length === 0) return;
  const rows = await world.db.select().from(snapshots).where(inArray(snapshots.id, changed));
  for (const row of rows) {
    const ledger = ledgers.get(row.instanceId);
    const entry = ledger?.byId.get(row.id);
    if (!ledger || !entry) continue;
    if (row.artifactState === "DAMAGED" && !entry.vanished)
      ledger.fail(`${row.id} was called damaged and is not`);
    if (row.artifactState === "DAMAGED") entry.facts.artifactState = "DAMAGED";
    entry.facts.chainBrokenAt = row.chainBrokenAt;
  }
}

/** What the plan has users, operators and bad luck do in this hour. */
async function act(world: World, ledger: Ledger, hour: number): Promise<void> {
  const { plan, instanceId } = ledger.member;
  const { context, viewer } = world;
  const now = world.clock.now();
  if (plan.hold?.[1] === hour) {
    for (const entry of ledger.entries.filter((each) => each.facts.holdId !== null)) {
      expectDone(ledger, await releaseSnapshot(context, viewer, { snapshotId: entry.id }));
      entry.facts.holdId = null;
    }
  }
  if (plan.hold?.[0] === hour && !ledger.member.deletedAt) {
    const entry = pick(ledger, now);
    if (entry) {
      const request = { snapshotId: entry.id, reason: "audit" };
      expectDone(ledger, await holdSnapshot({ ...context, maxHolds: 1000 }, viewer, request));
      entry.facts.holdId = "held";
    }
  }
  if (plan.damageAt.has(hour)) {
    const entry = ledger.lastScheduled;
    if (entry && !entry.gone) {
      await world.store.removeAll(entry.artifactKey);
      entry.vanished = true;
    }
  }
  if (!(await canAct(world, ledger.member, hour))) return;
  if (plan.deletedAtHour !== undefined && hour >= plan.deletedAtHour) return world.delete(ledger.member);
  if (plan.systemChangeAt.has(hour) && ledger.row.cadenceHours !== null)
    expectDone(ledger, await reportSystemChange({ ...context, now }, viewer, instanceId));
  if (plan.onDemandAt.has(hour)) begun(await requestTakeSnapshot(context, viewer, { instanceId }));
  else if (plan.restoreAt.has(hour)) {
    const entry = pick(ledger, now);
    const request = { snapshotId: entry?.id ?? "", confirmation: "RESTORE" };
    if (entry) begun(await requestRestore(context, viewer, request));
  }
}

const canAct = async (world: World, member: Member, hour: number): Promise<boolean> => {
  const { onDemandAt, systemChangeAt, restoreAt, deletedAtHour } = member.plan;
  if (member.deletedAt) return false;
  const toDelete = deletedAtHour !== undefined && hour >= deletedAtHour;
  if (!toDelete && ![onDemandAt, systemChangeAt, restoreAt].some((set) => set.has(hour))) return false;
  return world.isRunning(member);
};

function pick(ledger: Ledger, now: Date) {
  const restorable = ledger.listed(now).filter((entry) => ledger.restorable(entry, now));
  return restorable[Math.floor(ledger.member.plan.random() * restorable.length)];
}

function expectDone(ledger: Ledger, result: object): void {
  if ("error" in result) ledger.fail(JSON.stringify(result.error));
}
