import { createHash } from "node:crypto";
import { GraphQLError } from "graphql";
import { ArgsType, type ClassType, Field, Int, ObjectType } from "type-graphql";
import type { Page, PageRequest } from "../db/page.js";
import { SafeInt } from "./scalars.js";

const bad = (message: string) => new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });

@ObjectType({ description: "Where a page stands in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether more follows." }) hasNextPage!: boolean;
  @Field(() => Boolean, { description: "Whether more precedes." }) hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: "Cursor of the first edge; null on an empty page." })
  startCursor?: string | null;
  @Field(() => String, { nullable: true, description: "Cursor of the last edge; null on an empty page." })
  endCursor?: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: "How many from the start: 1 to 100, 25 unless told." })
  first?: number | null;
  @Field(() => String, { nullable: true, description: "Only what follows this cursor." }) after?:
    string | null;
  @Field(() => Int, {
    nullable: true,
    description: "How many from the end: 1 to 100; not together with `first`.",
  })
  last?: number | null;
  @Field(() => String, { nullable: true, description: "Only what precedes this cursor." }) before?:
    string | null;
}

export interface ConnectionOf<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
  /** Called only where the field was asked for. */
  totalCount: () => Promise<number>;
}

/** The Relay connection and edge types of a node type. */
export function connectionTypes(name: string, node: () => object): ClassType<ConnectionOf<unknown>> {
  const nodeType = node as () => ClassType;
  @ObjectType(`${name}Edge`, { description: "One item of a list, and where it stands." })
  class Edge {
    @Field(() => String, { description: "Opaque; good for this list only." }) cursor!: string;
    @Field(nodeType, { description: "The item." }) node!: unknown;
  }
  @ObjectType(`${name}Connection`, { description: "A page of a list." })
  class Connection {
    @Field(() => [Edge], { description: "The items with their cursors." }) edges!: Edge[];
    @Field(() => [nodeType()], { description: "The items alone." }) nodes!: unknown[];
    @Field(() => PageInfo, { description: "Where the page stands." }) pageInfo!: PageInfo;
    @Field(() => SafeInt, {
      // The plain resolver calls the function, and only where the field was asked for.
      simple: true,
      description: "How many there are on all pages; counted only if asked for.",
    })
    totalCount!: () => Promise<number>;
  }
  return Connection;
}

/** Ties cursors to one list: its name, its parent and its filter. */
export const listKey = (name: string, ...of: unknown[]): string =>
  createHash("sha256")
    .update(JSON.stringify([name, ...of]))
    .digest("base64url")
    .slice(0, 12);

/** Reads the arguments of a page; BAD_USER_INPUT where they make no sense. */
export function parsePage(args: PageArgs, key: string): PageRequest {
  if (args.first != null && args.last != null) throw bad("Give either first or last, not both.");
  const limit = args.first ?? args.last ?? 25;
  if (limit < 1 || limit > 100)
    throw bad(`${args.last != null ? "last" : "first"} must be between 1 and 100.`);
  const position = (cursor: string | null | undefined, name: string) => {
    if (cursor == null) return undefined;
    const [list, ms, id] = Buffer.from(cursor, "base64url").toString().split("|");
    const at = new Date(Number(ms || NaN));
    if (!id || !/^[0-9a-f-]{36}$/.test(id) || Number.isNaN(at.getTime()))
      throw bad(`${name} is not a cursor: pass on one that this list gave.`);
    if (list !== key) throw bad(`${name} is a cursor of another list or filter: start again without it.`);
    return { at, id };
  };
  const after = position(args.after, "after");
  const before = position(args.before, "before");
  return {
    from: args.last != null ? "end" : "start",
    limit,
    ...(after && { after }),
    ...(before && { before }),
  };
}

export function toConnection<Row extends { id: string }>(
  page: Page<Row>,
  key: string,
  at: (row: Row) => Date,
  count: () => Promise<number>,
): ConnectionOf<Row> {
  const edges = page.rows.map((node) => ({
    node,
    cursor: Buffer.from(`${key}|${at(node).getTime()}|${node.id}`).toString("base64url"),
  }));
  return {
    edges,
    nodes: [...page.rows],
    totalCount: count,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
