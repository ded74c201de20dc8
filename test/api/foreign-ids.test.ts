import { randomBytes, randomUUID } from "node:crypto";
import { eq, getTableName, is } from "drizzle-orm";
import { type AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import { graphql, isObjectType, parse, subscribe, type GraphQLField } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../../src/api/build-schema.js";
import { createContext } from "../../src/api/context.js";
import { createDownloadLink } from "../../src/api/download-link.js";
import * as tables from "../../src/db/tables/index.js";
import { EngineError } from "../../src/engines/engine.js";
import { toGlobalId, type IdKind } from "../../src/ids.js";
import { findInstance } from "../../src/instances/instances.queries.js";
import { askFor, listInputs } from "../support/fill-arguments.js";
import { type Edge, startEdge } from "./edge.js";
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

type Taken = IdKind | "cursor" | "idempotencyKey";
type Root = "query" | "mutation" | "subscription";
interface Place {
  readonly root: Root;
  /** The type whose field it is, where that is none of the roots'. */
  readonly on: string | undefined;
  readonly field: GraphQLField<unknown, unknown>;
  readonly at: string;
  readonly taken: Taken;
}

const schema = buildSchema();
const roots = new Map<unknown, Root>([
  [schema.getQueryType(), "query"],
  [schema.getMutationType(), "mutation"],
  [schema.getSubscriptionType(), "subscription"],
]);

/** Every place in the schema that takes an id or a cursor, and what it takes there. */
const places: readonly Place[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter((type) => !type.name.startsWith("__"))
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      listInputs(field).flatMap(({ at, typeName }): Place[] => {
        const way = byWay[at] ?? byName[at.split(".").at(-1) ?? ""];
        const takesOne = typeName === "ID" || way !== undefined;
        if (takesOne && !way) throw new Error(`Say in foreign-ids.test.ts what ${type.name}.${at} takes.`);
        const root = roots.get(type);
        const on = root ? undefined : type.name;
        return (way ?? []).map((taken) => ({ root: root ?? "query", on, field, at, taken }));
      }),
    ),
  )
  // What is gone at once is asked for last, so that the others still find it.
  .sort((a, b) => Number(a.field.name === "deleteWebhook") - Number(b.field.name === "deleteWebhook"));

let edge: Edge;
let mine: TenantRows;
let theirs: TenantRows;
/** Ids that nobody has, of the same kinds. */
let nobodys: Readonly<Record<string, string>>;
let before: string;

beforeAll(async () => {
  const runStatement = async (viewer: { projectId: string }, instanceId: string) => {
    const found = await findInstance(edge.parts.tenants.open(viewer.projectId), viewer, instanceId);
    if (!found) throw new EngineError("NOT_FOUND", "There is no such instance.");
    return { fields: [], values: [], wrote: false };
  };
  edge = await startEdge(
    {
      authenticate: () => Promise.resolve(mine.viewer),
      runStatement,
      openDownload: () => Promise.resolve(undefined),
    },
    undefined,
    true,
  );
  mine = await insertTenantRows(edge.db);
  theirs = await insertTenantRows(edge.db);
  const random = everyKind.map((kind) => [kind, toGlobalId(kind, randomUUID())]);
  nobodys = { ...Object.fromEntries(random), idempotencyKey: randomUUID() } as Record<string, string>;
  before = await readTheirs();
});
afterAll(() => edge.close());

/** All rows of the other project. */
async function readTheirs(): Promise<string> {
  const rows: unknown[] = [];
  for (const table of Object.values(tables)) {
    if (!is(table, PgTable) || !("projectId" in table)) continue;
    const own = eq(table["projectId"] as AnyPgColumn, theirs.viewer.projectId);
    rows.push([getTableName(table), await edge.db.select().from(table).where(own)]);
  }
  return JSON.stringify(rows);
}

/** Asks as the first project's ADMIN, with that id at that place, and the project's own ids at all others. */
async function ask({ root, on, field, at, taken }: Place, id: string, as = mine): Promise<unknown> {
  const choose = (where: string, _typeName: string, required: boolean): unknown => {
    if (where === at) return id;
    if (where in said) return said[where];
    const [kind] = byWay[where] ?? byName[where.split(".").at(-1) ?? ""] ?? [];
    return required && kind ? as.ids[kind as IdKind] : undefined;
  };
  const kind = on && on.charAt(0).toLowerCase() + on.slice(1);
  const owner = kind && (as.ids as Record<string, string | undefined>)[kind];
  if (on && !owner)
    throw new Error(`foreign-ids.test.ts knows no way to ${on}.${at}, which takes a ${taken}.`);
  const within = on ? ([`{ node(id: "${owner}") { ... on ${on} {`, "} } }"] as const) : undefined;
  const { source, variableValues } = askFor(root, field, choose, within);
  const contextValue = createContext(edge.parts, { viewer: as.viewer });
  if (root !== "subscription") return graphql({ schema, source, variableValues, contextValue });
  const result = await subscribe({ schema, document: parse(source), variableValues, contextValue });
  if (!(Symbol.asyncIterator in result)) return result;
  await result.return?.(undefined);
  return "a stream";
}

/** As the client reads it, with the ids that were sent made the same, and what differs between any two requests. */
const readable = (answer: unknown, ...ids: string[]) =>
  ids.reduce((text, id) => text.replaceAll(id, "THE-ID"), JSON.stringify(answer));

/** A cursor of that list as the other project is given it, and one of a list that nobody has. */
async function cursorsFor({ on, field }: Place, of: TenantRows): Promise<string> {
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

async function idsFor(place: Place): Promise<readonly [own: string, foreign: string, unknown: string]> {
  const { taken } = place;
  if (taken === "cursor") {
    const [own, foreign] = [await cursorsFor(place, mine), await cursorsFor(place, theirs)];
    const [, ...rest] = Buffer.from(foreign, "base64url").toString().split("|");
    const list = randomBytes(9).toString("base64url");
    return [own, foreign, Buffer.from([list, ...rest].join("|")).toString("base64url")];
  }
  if (taken === "idempotencyKey") return [mine.idempotencyKey, theirs.idempotencyKey, nobodys[taken] ?? ""];
  return [mine.ids[taken], theirs.ids[taken], nobodys[taken] ?? ""];
}

/** What is found by no id at all, one's own included. */
const foundByNone = (place: Place) => place.taken === "project";

describe("somebody else's id is as unknown as nobody's", () => {
  // Writes come last, so that what one's own ids do there disturbs no comparison.
  const ordered = [...places].sort((a, b) => Number(a.root === "mutation") - Number(b.root === "mutation"));
  it.each(ordered.map((place) => [place.root, place.on ?? "", place.at, place.taken, place] as const))(
    "%s %s %s: %s",
    async (_root, _on, _at, _taken, place) => {
      const [own, foreign, unknown] = await idsFor(place);
      const answers = [await ask(place, foreign), await ask(place, unknown)].map((answer) =>
        readable(answer, foreign, unknown),
      );
      expect(answers[0]).toBe(answers[1]);
      expect(answers[0]).not.toContain("INTERNAL_SERVER_ERROR");
      // One's own is known: otherwise the two would be alike for another reason.
      if (!foundByNone(place)) expect(readable(await ask(place, own), own)).not.toBe(answers[1]);
    },
  );

  it("walks the whole schema", () => {
    expect(places.length).toBeGreaterThan(30);
  });

  it("in the Query API", async () => {
    const post = async (id: string) => {
      const response = await fetch(`${edge.url}/db/${id}/query/v2`, {
        method: "POST",
        headers: { authorization: "Bearer mine", "content-type": "application/json" },
        body: JSON.stringify({ statement: "MATCH (n) DETACH DELETE n" }),
      });
      return `${response.status} ${(await response.text()).replaceAll(id, "THE-ID")}`;
    };
    const unknown = nobodys["instance"] ?? "";
    expect(await post(theirs.ids.instance)).toBe(await post(unknown));
    expect(await post(mine.ids.instance)).not.toBe(await post(unknown));
  });

  it("in download links", async () => {
    const until = new Date(edge.clock.now().getTime() + 60_000);
    const link = createDownloadLink("http://x", edge.parts.downloadKey, mine.ids.operation, until);
    const get = async (id: string) => {
      const response = await fetch(`${edge.url}/downloads/${id}${link.search}`);
      return `${response.status} ${(await response.text()).replaceAll(id, "THE-ID")}`;
    };
    const unknown = nobodys["operation"] ?? "";
    expect(await get(theirs.ids.operation)).toBe(await get(unknown));
    expect(await get(mine.ids.operation)).not.toBe(await get(unknown));
  });

  it("and nothing of theirs has changed", async () => {
    expect(await readTheirs()).toBe(before);
  });
});
