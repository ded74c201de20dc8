import { fromString, fromUUID, getType, toUUID } from "typeid-js";
import { v7 } from "uuid";
import type { Clock } from "./clock.js";

/**
 * Ids are UUIDs (version 7, so that they sort by time) in the database and TypeIDs outside it:
 * `ins_01k…` says what it names, and one of another kind is refused without asking the database.
 */
const prefixes = {
  project: "prj",
  apiKey: "key",
  instance: "ins",
  snapshot: "snap",
  operation: "op",
  auditEvent: "aud",
  webhook: "whk",
  delivery: "dlv",
} as const;
export type IdKind = keyof typeof prefixes;

const kinds = new Map<string, IdKind>(
  Object.entries(prefixes).map(([kind, prefix]) => [prefix, kind as IdKind]),
);

export type NewId = () => string;

/** Makes UUIDs whose time is the given clock's and whose randomness is the given source's (a page at a time). */
const randomBytesAtOnce = 4096;

export function createIds(clock: Clock, randomBytes: (size: number) => Uint8Array): NewId {
  let page: Uint8Array = new Uint8Array();
  let used = 0;
  return () => {
    // Randomness costs a system call, however little of it.
    if (used + 16 > page.length) [page, used] = [randomBytes(randomBytesAtOnce), 0];
    return v7({ msecs: clock.now().getTime(), random: page.subarray(used, (used += 16)) });
  };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether Postgres takes it for an id, as it writes one itself. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** The public id of a row. */
export function toGlobalId(kind: IdKind, uuid: string): string {
  return fromUUID(uuid, prefixes[kind]);
}

/** The row behind a public id, or undefined for anything that is not one: callers treat that as "no such thing". */
export function parseGlobalId(id: string): { kind: IdKind; uuid: string } | undefined {
  try {
    const parsed = fromString(id);
    const kind = kinds.get(getType(parsed));
    return kind && { kind, uuid: toUUID(parsed) };
  } catch {
    return undefined;
  }
}

/** The UUID behind a public id of one kind, or undefined. */
export function parseIdOf(kind: IdKind, id: string): string | undefined {
  const parsed = parseGlobalId(id);
  return parsed?.kind === kind ? parsed.uuid : undefined;
}
