import { hash } from "node:crypto";
import { ArgsType, type ClassType, Field, Int, ObjectType } from "type-graphql";
import type { Page, PageRequest } from "../db/page.js";
import { isUuid } from "../ids.js";
import { badInput } from "./bad-input.js";
import { SafeInt } from "./scalars.js";

@ObjectType({ simpleResolvers: true, description: "Where a page stands in its list." })
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
  readonly edges: readonly { cursor: string; node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Promise<number>;
}

/** The Relay connection and edge types of a node type. */
export function connectionTypes(name: string, node: () => object): ClassType<ConnectionOf<unknown>> {
  const nodeType = node as () => ClassType;
  @ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: "One item of a list, and where it stands.",
  })
  class Edge {
    @Field(() => String, { description: "Opaque; good for this list only." }) cursor!: string;
    @Field(nodeType, { description: "The item." }) node!: unknown;
  }
  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "A page of a list." })
  class Connection {
    @Field(() => [Edge], { description: "The items with their cursors." }) edges!: Edge[];
    @Field(() => [nodeType()], { description: "The items alone." }) nodes!: unknown[];
    @Field(() => PageInfo, { description: "Where the page stands." }) pageInfo!: PageInfo;
    @Field(() => SafeInt, {
      // It is a promise, which needs a resolver that is waited for.
      simple: false,
      description: "How many there are on all pages; counted only if asked for.",
    })
    totalCount!: Promise<number>;
  }
  return Connection;
}

/** What ties cursors to one list. Many pages are read whose cursors nobody asks for. */
export type ListKey = () => string;

/** Made of the list's name, its parent and its filter. */
export const listKey = (name: string, ...of: unknown[]): ListKey => {
  let key: string | undefined;
  return () => (key ??= hash("sha256", JSON.stringify([name, ...of]), "base64url").slice(0, 12));
};

/** Years 1 to 9999: beyond them an instant is written in ways that Postgres does not read. */
const [earliest, latest] = [Date.parse("0001-01-01T00:00:00.000Z"), Date.parse("9999-12-31T23:59:59.999Z")];

/** Where a cursor points, if this list could have made it: what a client makes up must not get as far as Postgres. */
function positionOf(ms: string | undefined, id: string | undefined): PageRequest["after"] {
  const at = Number(ms || NaN);
  if (!id || !isUuid(id) || !Number.isInteger(at) || at < earliest || at > latest) return undefined;
  return { at: new Date(at), id };
}

/** Reads the arguments of a page; BAD_USER_INPUT where they make no sense. */
export function parsePage(args: PageArgs, key: ListKey): PageRequest {
  if (args.first != null && args.last != null) throw badInput("Give either first or last, not both.");
  const limit = args.first ?? args.last ?? 25;
  if (limit < 1 || limit > 100)
    throw badInput(`${args.last != null ? "last" : "first"} must be between 1 and 100.`);
  const position = (cursor: string | null | undefined, name: string) => {
    if (cursor == null) return undefined;
    const [list, ms, id] = Buffer.from(cursor, "base64url").toString().split("|");
    const position = positionOf(ms, id);
    if (!position) throw badInput(`${name} is not a cursor: pass on one that this list gave.`);
    if (list !== key())
      throw badInput(`${name} is a cursor of another list or filter: start again without it.`);
    return position;
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

/** Each field is made when it is first asked for: `totalCount` costs a statement, and every cursor its share. */
class PageOf<Row extends { id: string }> implements ConnectionOf<Row> {
  private madeEdges: ConnectionOf<Row>["edges"] | undefined;
  private madeInfo: PageInfo | undefined;

  constructor(
    private readonly page: Page<Row>,
    private readonly key: ListKey,
    private readonly at: (row: Row) => Date,
    private readonly count: () => Promise<number>,
  ) {}
  get edges() {
    return (this.madeEdges ??= this.page.rows.map((node) => ({ node, cursor: this.cursorOf(node) })));
  }
  get nodes() {
    return this.page.rows;
  }
  get pageInfo(): PageInfo {
    return (this.madeInfo ??= this.describe());
  }
  get totalCount() {
    return this.count();
  }
  private describe(): PageInfo {
    const { rows, hasNextPage, hasPreviousPage } = this.page;
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      hasNextPage,
      hasPreviousPage,
      startCursor: first ? this.cursorOf(first) : null,
      endCursor: last ? this.cursorOf(last) : null,
    };
  }
  private cursorOf(row: Row): string {
    return Buffer.from(`${this.key()}|${this.at(row).getTime()}|${row.id}`, "latin1").toString("base64url");
  }
}

export const toConnection = <Row extends { id: string }>(
  page: Page<Row>,
  key: ListKey,
  at: (row: Row) => Date,
  count: () => Promise<number>,
): ConnectionOf<Row> => new PageOf(page, key, at, count);
