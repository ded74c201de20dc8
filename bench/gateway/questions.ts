import type { IdKind } from "../../src/ids.ts";
import { instanceIds, operationIds, type Scale } from "./seed.ts";

/** A question put to every contestant, with different variables each time, in turn. */
export interface Question {
  readonly name: string;
  readonly title: string;
  readonly document: string;
  /** How many things with an id its answer has. */
  readonly rows: number;
  /** What to ask, one after the other, again and again; of the first project unless told. */
  readonly asks: (
    scale: Scale,
    toGlobalId: (kind: IdKind, uuid: string) => string,
    project?: number,
  ) => Ask[];
}

export interface Ask {
  readonly variables: object;
  /** The same by row ids, for who knows no global ones. */
  readonly byRow: { readonly uuid?: string; readonly uuids?: readonly string[] };
}

const row = `id type kind cause status name takenAt completedAt sizeBytes storedBytes restorable exportable
  restorability { allowed until reasons } exportability { allowed until reasons }`;

const eachInstance: Question["asks"] = (scale, toGlobalId, project) =>
  instanceIds(scale, project).map((uuid) => ({
    variables: { id: toGlobalId("instance", uuid) },
    byRow: { uuid },
  }));

export const questions: readonly Question[] = [
  {
    name: "Q1",
    title: "one instance by id",
    rows: 1,
    document: "query Q1($id: ID!) { instance(id: $id) { id name tier status createdAt } }",
    asks: eachInstance,
  },
  {
    name: "Q2",
    title: "the Snapshots tab, 25 rows",
    rows: 25,
    document: `query Q2($id: ID!) { instance(id: $id) { snapshots(first: 25, filter: { exportableOnly: true }) {
      edges { cursor node { ${row} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
    asks: eachInstance,
  },
  {
    name: "Q3",
    title: "dashboard, 20 instances with 5 snapshots each",
    rows: 120,
    document: `query Q3 { instances(first: 20) { nodes { id name tier version status region
      snapshots(first: 5) { nodes { id kind type status takenAt sizeBytes restorable exportable } } } } }`,
    asks: () => [{ variables: {}, byRow: {} }],
  },
  {
    name: "Q4",
    title: "100 operations by nodes(ids:)",
    rows: 100,
    document: `query Q4($ids: [ID!]!) { nodes(ids: $ids) { id ... on Operation {
      status phase percent bytesDone bytesTotal etaSeconds revision cancelable createdAt startedAt finishedAt } } }`,
    asks: (scale, toGlobalId) => {
      const all = operationIds(scale);
      return [0, 1, 2, 3, 4, 5, 6].map((page) => {
        const uuids = all.slice(page * 100, page * 100 + 100);
        return { variables: { ids: uuids.map((id) => toGlobalId("operation", id)) }, byRow: { uuids } };
      });
    },
  },
];
