import { randomUUID } from "node:crypto";
import { type DocumentNode, Kind, parse, type SelectionSetNode } from "graphql";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as client from "../../src/client/index.js";
import { exports_, snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { insertInstance, later, snapshotRow } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

const instancesMade = 4;
const snapshotsEach = 3;

let edge: Edge;
let variables: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  edge = await startEdge();
  let ids: { instance: string; snapshot: string; operation: string } | undefined;
  for (let i = 0; i < instancesMade; i++) {
    const instance = await insertInstance(edge.db, edge.scope, { createdAt: later(i + 1) });
    for (let s = 0; s < snapshotsEach; s++) {
      const row = snapshotRow(edge.scope, instance, { id: randomUUID(), takenAt: later(s) });
      await edge.db.insert(snapshots).values(row);
      const ended = { status: "SUCCEEDED", phase: "DONE", percent: 100, finishedAt: later(9) } as const;
      const of = { instanceId: instance, exclusive: false, ...ended } as const;
      // In turn, so that any few of them are of both kinds.
      const [taken, exported] = [{ createdAt: later(2 * s) }, { createdAt: later(2 * s + 1) }];
      await edge.insertOperation({ ...of, ...taken, kind: "SNAPSHOT", snapshotId: row.id });
      const exporting = { ...of, ...exported, kind: "EXPORT", sourceSnapshotId: row.id } as const;
      const operation = await edge.insertOperation(exporting);
      await edge.db.insert(exports_).values({
        operationId: operation,
        fileName: "graph.backup",
        objectKey: operation,
        wrappedKey: "",
        sizeBytes: 1,
        sha256: "a".repeat(64),
        expiresAt: later(60_000),
      });
      ids = { instance, snapshot: row.id, operation };
    }
  }
  const instanceId = toGlobalId("instance", ids!.instance);
  const snapshotId = toGlobalId("snapshot", ids!.snapshot);
  const operationId = toGlobalId("operation", ids!.operation);
  variables = {
    Instance: { id: instanceId },
    Snapshot: { id: snapshotId },
    Snapshots: { instanceId },
    Operation: { id: operationId },
    Operations: { instanceId },
    OperationByIdempotencyKey: { key: "none" },
    Node: { id: snapshotId },
    Nodes: { ids: [operationId, toGlobalId("operation", randomUUID())] },
    EveryKind: { ids: [instanceId, snapshotId, operationId] },
    TierChangePreview: { instanceId, tier: "FREE" },
    RetentionPreview: {
      input: { tier: "FREE", version: "V5", createdAt: later(0), at: later(1), onDemandAt: [later(0)] },
    },
  };
});
afterAll(() => edge.close());
afterEach(() => vi.restoreAllMocks());

/** Statements that reach Postgres, but for the one that says whose connection it is and the heartbeat of the event bus. */
function countStatements(): string[] {
  const texts: string[] = [];
  const query = Reflect.get(pg.Client.prototype, "query") as (...all: unknown[]) => unknown;
  const counting = function (this: pg.Client, ...args: unknown[]) {
    const text = typeof args[0] === "string" ? args[0] : (args[0] as { text?: string }).text;
    if (!text?.includes("set_config(") && text !== "select 1") texts.push(text ?? "");
    return query.apply(this, args);
  };
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(counting);
  return texts;
}

/** Levels of a document: how deeply its selections are nested. */
function levelsOf(document: DocumentNode): number {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [],
    ),
  );
  const depth = (set: SelectionSetNode | undefined): number => {
    if (!set) return 0;
    const depths = set.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return 1 + depth(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return depth(selection.selectionSet);
      return depth(fragments.get(selection.name.value));
    });
    return Math.max(0, ...depths);
  };
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return depth(operation?.selectionSet);
}

const contract = Object.values(client).flatMap((value) => {
  const [, name] =
    /^\s*query (\w+)/.exec(value instanceof client.TypedDocumentString ? value.toString() : "") ?? [];
  return name ? [[name, String(value)] as const] : [];
});

/** What a dashboard would ask: everything of everything, several lists deep. */
const deep = `query ($first: Int) {
  instances(first: $first) { totalCount nodes {
    name retention { tier } latestRestorableSnapshot { id } activeOperation { id } sourceSnapshot { id }
    snapshots(first: 3) { totalCount nodes {
      exportability { allowed } instance { id } base { id } chain { id } operation { id instance { name } }
    } }
    operations(first: 3) { totalCount nodes {
      ... on SnapshotOperation { snapshot { id } } ... on ExportOperation { source { id } download { url } }
    } }
  } }
}`;

describe("the statements of a query", () => {
  it("are tried for every query that clients are given", () => {
    expect(contract.length).toBeGreaterThan(12);
  });

  it.each(contract)("%s are no more than its levels", async (name, text) => {
    const statements = countStatements();
    const own = variables[name] ?? { webhookId: toGlobalId("webhook", randomUUID()) };
    const answer = await edge.ask(text, own, name.startsWith("Webhook") ? "admin" : undefined);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toBeDefined();
    const levels = levelsOf(parse(text));
    expect(statements.length, statements.join("\n")).toBeLessThanOrEqual(levels);
  });

  it("are one for each kind of node, however many nodes", async () => {
    const statements = countStatements();
    await edge.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables["EveryKind"]);
    expect(statements).toHaveLength(3);
  });

  it("are as many for a long list as for a short one", async () => {
    const statements = countStatements();
    expect((await edge.ask(deep, { first: 2 })).errors).toBeUndefined();
    const forFew = statements.splice(0);
    expect((await edge.ask(deep, { first: 10 })).errors).toBeUndefined();
    // One at most for each list, count and link that it names; which links share one is a matter of timing.
    for (const asked of [forFew, statements]) expect(asked.length).toBeLessThanOrEqual(14);
    const shapes = (texts: string[]) =>
      new Set(texts.map((text) => text.replaceAll(/\$\d+(, \$\d+)*/g, "$")));
    expect(shapes(statements)).toEqual(shapes(forFew));
  });

  it("count a list only where totalCount is asked for", async () => {
    const counting = (text: string) => /count\(/i.test(text);
    for (const [list, path] of [
      ["instances", ""],
      ["snapshots", `instance(id: "${variables["Instance"]?.["id"] as string}")`],
      ["operations", `instance(id: "${variables["Instance"]?.["id"] as string}")`],
    ] as const) {
      const ask = (fields: string) => {
        const field = `${list} { nodes { id } ${fields} }`;
        return edge.ask(path ? `{ ${path} { ${field} } }` : `{ ${field} }`);
      };
      const plain = countStatements();
      expect((await ask("pageInfo { hasNextPage }")).errors).toBeUndefined();
      expect(plain.filter(counting)).toEqual([]);
      vi.restoreAllMocks();
      const counted = countStatements();
      expect((await ask("totalCount")).errors).toBeUndefined();
      expect(counted.filter(counting)).toHaveLength(1);
      vi.restoreAllMocks();
    }
  });
});
