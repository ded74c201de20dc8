import { inArray, sql } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { slots, snapshots } from "../db/tables/index.js";
import {
  claimDueSlots,
  type DueSlot,
  findBusy,
  isOneOf,
  type PlaceWithRoom,
  type SlotRow,
} from "../snapshots/due-slots.queries.js";
import { findRetention } from "../snapshots/retention.js";
import { decideSlot, isOvertaken } from "../snapshots/slot-decision.js";
import { listPlaces } from "../snapshots/slots.queries.js";
import type { ActionContext } from "./action.js";
import { beginSnapshots, type TakenSlot } from "./begin-snapshots.js";
import { endSlots } from "./end-slots.js";
import type { Sweep } from "./sweep.js";

export interface ScheduleSettings {
  /** Scheduled snapshots that may be at work at a time in one place, over all processes. */
  readonly perLocation: number;
  /** After this a slot that found its instance busy is looked at again. */
  readonly busyPauseMs: number;
}
export type ScheduleContext = Pick<ActionContext, "db" | "clock" | "newId" | "jobs" | "events" | "policy"> & {
  readonly schedule: ScheduleSettings;
};

/** A FAILED instance takes no snapshot until somebody has acted on it, which may be never: its slot is not asked for meanwhile. */
const failedPauseMs = 15 * 60_000;

/** One number for "the scheduler is at it" among Postgres's advisory locks. */
const schedulerLock = 0x5c4ed;

/**
 * Takes the slots whose time has come, in one short transaction: each becomes a snapshot, its operation and its job.
 * Any number of processes may call it at any time: one is at it while the others pass, and a slot that another has
 * filled is known by its row. Killed at any point, all of it has happened or nothing. Returns how many it took.
 */
export async function scheduleDue(context: ScheduleContext): Promise<number> {
  return context.db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ mine: boolean }>(sql`
      select pg_try_advisory_xact_lock(${schedulerLock}) as mine,
        -- One that hangs must not hold up the others for ever.
        set_config('idle_in_transaction_session_timeout', '30s', true)`);
    if (!rows[0]?.mine) return 0;
    const now = context.clock.now();
    const due = await claimDueSlots(tx, await findRoom(tx, context.schedule.perLocation), now);
    if (due.length === 0) return 0;
    const { waiting, stuck, ...ended } = await sortOut(tx, context, due, now);
    const begun = await beginSnapshots(tx, context, ended.taken, now);
    await lookAgain(tx, waiting, new Date(now.getTime() + context.schedule.busyPauseMs));
    await lookAgain(tx, stuck, new Date(now.getTime() + failedPauseMs));
    await endSlots(tx, context, ended, now);
    return begun;
  });
}

async function lookAgain(tx: Transaction, later: readonly SlotRow[], dueAt: Date): Promise<void> {
  if (later.length > 0) await tx.update(slots).set({ dueAt }).where(isOneOf(later));
}

/** The scheduler, as every process runs it. */
export function scheduleDueSweep(context: ScheduleContext): Sweep {
  return { name: "scheduled snapshots that are due", everyMs: 0, run: () => scheduleDue(context) };
}

/** How many more scheduled snapshots each place takes. */
async function findRoom(tx: Transaction, perLocation: number): Promise<PlaceWithRoom[]> {
  const places = await listPlaces(tx);
  return places.map(({ atWork, ...place }) => ({ ...place, room: perLocation - atWork }));
}

/** At one instant. */
const order = ["INSTANCE_CREATED", "SYSTEM_CHANGE", "CADENCE"];

/** In the order of the instants that they stand for; but what was missed is made up by anything else that is owed. */
function inTurn(context: ScheduleContext, due: readonly DueSlot[], now: Date): DueSlot[] {
  const last = (each: DueSlot) => Number(isMissed(context, each, now));
  return due.toSorted(
    (a, b) =>
      last(a) - last(b) ||
      a.slot.slotAt.getTime() - b.slot.slotAt.getTime() ||
      order.indexOf(a.slot.cause) - order.indexOf(b.slot.cause),
  );
}

/** Decides about every slot; an instance gets one snapshot at a time. */
async function sortOut(tx: Transaction, context: ScheduleContext, due: readonly DueSlot[], now: Date) {
  const busy = await findBusy(
    tx,
    due.map(({ instance }) => instance.id),
  );
  const tried = await loadTriedAt(tx, due);
  const taken = new Map<string, TakenSlot>();
  const waiting: SlotRow[] = [];
  const stuck: SlotRow[] = [];
  const dropped: DueSlot[] = [];
  const failed: DueSlot[] = [];
  for (const each of inTurn(context, due, now)) {
    const { slot, instance } = each;
    const row = findRetention(context.policy, instance.tier, instance.version);
    const first = taken.get(instance.id);
    const free = !first && !busy.has(instance.id) && instance.status === "RUNNING";
    const triedAt = slot.snapshotId === null ? null : (tried.get(slot.snapshotId) ?? slot.slotAt);
    const surroundings = { row, createdAt: instance.createdAt, deleted: instance.deletedAt !== null, free };
    const decision = decideSlot({ ...slot, triedAt }, surroundings, now);
    const madeUp = first !== undefined && isMissed(context, each, now);
    if (decision.action === "FAIL") failed.push(each);
    else if (decision.action === "DROP" || madeUp) dropped.push(each);
    else if (decision.action === "WAIT" || !row) (instance.status === "FAILED" ? stuck : waiting).push(slot);
    else taken.set(instance.id, { ...each, row, slotAt: decision.slotAt });
  }
  return { taken: [...taken.values()], waiting, stuck, dropped, failed };
}

/** A cadence's slot that nothing was begun for until the next one came: it is not made up beside another snapshot. */
function isMissed({ policy }: ScheduleContext, { slot, instance }: DueSlot, now: Date): boolean {
  const row = findRetention(policy, instance.tier, instance.version);
  return (
    slot.snapshotId === null &&
    slot.cause === "CADENCE" &&
    row !== undefined &&
    isOvertaken(row, slot.slotAt, now)
  );
}

async function loadTriedAt(tx: Transaction, due: readonly DueSlot[]): Promise<Map<string, Date>> {
  const ids = due.flatMap(({ slot }) => slot.snapshotId ?? []);
  if (ids.length === 0) return new Map();
  const { id, createdAt } = snapshots;
  const rows = await tx.select({ id, createdAt }).from(snapshots).where(inArray(snapshots.id, ids));
  return new Map(rows.map((row) => [row.id, row.createdAt]));
}
