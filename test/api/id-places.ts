import { randomBytes, randomUUID } from "node:crypto";
import { eq, getTableName, is } from "drizzle-orm";
import { type AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import { graphql, isObjectType, type GraphQLField } from "graphql";
import { buildSchema } from "../../src/api/build-schema.js";
import { createContext } from "../../src/api/context.js";
import * as tables from "../../src/db/tables/index.js";
import { toGlobalId, type IdKind } from "../../src/ids.js";
import { askFor, listInputs } from "../support/fill-arguments.js";
import type { Edge } from "./edge.js";
import { insertTenantRows, type TenantRows } from "./tenant-rows.js";

const everyKind: readonly IdKind[] = [
  "project",
  "instance",
  "snapshot",
  "operation",
  "apiKey",
  "auditEvent",
  "webhook",
  "delivery",
];

/** What the last word of an argument's way tells. */
const byName: Readonly<Record<string, readonly Taken[]>> = {
  instanceId: ["instance"],
  snapshotId: ["snapshot"],
  operationId: ["operation"],
  keyId: ["apiKey"],
  webhookId: ["webhook"],
  deliveryId: ["delivery"],
  after: ["cursor"],
  before: ["cursor"],
};
/** And where the word alone does not tell, the whole way. */
const byWay: Readonly<Record<string, readonly Taken[]>> = {
  "instance.id": ["instance"],
  "snapshot.id": ["snapshot"],
  "operation.id": ["operation"],
  "node.id": everyKind,
  "nodes.ids": everyKind,
  "auditLog.filter.objectId": ["instance", "snapshot", "operation", "apiKey"],
  "operationByIdempotencyKey.key": ["idempotencyKey"],
};
/** What else a request must say to be about the object that it names. */
const said: Readonly<Record<string, unknown>> = {
  "restoreSnapshot.input.confirmation": "RESTORE",
  "deleteInstance.input.confirmation": "graph",
  "changeTier.input.tier": "DS_PROFESSIONAL",
  "tierChangePreview.tier": "DS_PROFESSIONAL",
};

export type Taken = IdKind | "cursor" | "idempotencyKey";
type Root = "query" | "mutation" | "subscription";
export interface Place {
  readonly root: Root;
  /** The type whose field it is, where that is none of the roots'. */
  readonly on: string | undefined;
  readonly field: GraphQLField<unknown, unknown>;
  readonly at: string;
  readonly taken: Taken;
}

export const schema = buildSchema();
const roots = new Map<unknown, Root>([
  [schema.getQueryType(), "query"],
  [schema.getMutationType(), "mutation"],
  [schema.getSubscriptionType(), "subscription"],
]);

/** Every place in the schema that takes an id or a cursor, and what it takes there. */
export const places: readonly Place[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter((type) => !type.name.startsWith("__"))
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      listInputs(field).flatMap(({ at, typeName }): Place[] => {
        const way = byWay[at] ?? byName[at.split(".").at(-1) ?? ""];
        const takesOne = typeName === "ID" || way !== undefined;
        if (takesOne && !way) throw new Error(`Say in id-places.ts what ${type.name}.${at} takes.`);
        const root = roots.get(type);
        const on = root ? undefined : type.name;
        return (way ?? []).map((taken) => ({ root: root ?? "query", on, field, at, taken }));
      }),
    ),
  )
  // What is gone at once is asked for last, so that the others still find it.
  .sort((a, b) => Number(a.field.name === "deleteWebhook") - Number(b.field.name === "deleteWebhook"));

/** Ids that nobody has, one of each kind. */
function makeNobodys(): Readonly<Record<string, string>> {
  const random = everyKind.map((kind) => [kind, toGlobalId(kind, randomUUID())]);
  return { ...Object.fromEntries(random), idempotencyKey: randomUUID() } as Record<string, string>;
}

/** All rows of a project. */
export async function rowsOf(edge: Edge, { viewer }: TenantRows): Promise<string> {
  const rows: unknown[] = [];
  for (const table of Object.values(tables)) {
    if (!is(table, PgTable) || !("projectId" in table)) continue;
    const own = eq(table["projectId"] as AnyPgColumn, viewer.projectId);
    rows.push([getTableName(table), await edge.db.select().from(table).where(own)]);
  }
  return JSON.stringify(rows);
}

/** Two projects with rows of every kind, ids of the same kinds that nobody has, and what the second project has before anybody asks. */
export async function insertTwoTenants(edge: Edge) {
  const mine = await insertTenantRows(edge.db);
  const theirs = await insertTenantRows(edge.db);
  return { mine, theirs, nobodys: makeNobodys(), before: await rowsOf(edge, theirs) };
}

/** A request with that id at that place, and the project's own ids at all others. */
export function requestFor({ root, on, field, at, taken }: Place, id: string, as: TenantRows) {
  const choose = (where: string, _typeName: string, required: boolean): unknown => {
    if (where === at) return id;
    if (where in said) return said[where];
    const [kind] = byWay[where] ?? byName[where.split(".").at(-1) ?? ""] ?? [];
    return required && kind ? as.ids[kind as IdKind] : undefined;
  };
  const kind = on && on.charAt(0).toLowerCase() + on.slice(1);
  const owner = kind && (as.ids as Record<string, string | undefined>)[kind];
  if (on && !owner) throw new Error(`id-places.ts knows no way to ${on}.${at}, which takes a ${taken}.`);
  const within = on ? ([`{ node(id: "${owner}") { ... on ${on} {`, "} } }"] as const) : undefined;
  return askFor(root, field, choose, within);
}

/** As the client reads it, with the ids that were sent made the same, and what differs between any two requests. */
export const readable = (answer: unknown, ...ids: string[]) =>
  ids.reduce((text, id) => text.replaceAll(id, "THE-ID"), JSON.stringify(answer));

/** A cursor of that list as the other project is given it, and one of a list that nobody has. */
async function cursorsFor(edge: Edge, { on, field }: Place, of: TenantRows): Promise<string> {
  const list = `${field.name} { edges { cursor } }`;
  const kind = (on ?? "").charAt(0).toLowerCase() + (on ?? "").slice(1);
  const source = on
    ? `{ node(id: "${of.ids[kind as IdKind]}") { ... on ${on} { ${list} } } }`
    : `{ ${list} }`;
  const contextValue = createContext(edge.parts, { viewer: of.viewer });
  const text = JSON.stringify(await graphql({ schema, source, contextValue }));
  const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1];
  if (!cursor) throw new Error(`${on ?? "Query"}.${field.name} gave no cursor: ${text}`);
  return cursor;
}

export async function idsFor(
  edge: Edge,
  place: Place,
  mine: TenantRows,
  theirs: TenantRows,
  nobodys: Readonly<Record<string, string>>,
): Promise<readonly [own: string, foreign: string, unknown: string]> {
  const { taken } = place;
  if (taken === "cursor") {
    const [own, foreign] = [await cursorsFor(edge, place, mine), await cursorsFor(edge, place, theirs)];
    const [, ...rest] = Buffer.from(foreign, "base64url").toString().split("|");
    const list = randomBytes(9).toString("base64url");
    return [own, foreign, Buffer.from([list, ...rest].join("|")).toString("base64url")];
  }
  if (taken === "idempotencyKey") return [mine.idempotencyKey, theirs.idempotencyKey, nobodys[taken] ?? ""];
  return [mine.ids[taken], theirs.ids[taken], nobodys[taken] ?? ""];
}
