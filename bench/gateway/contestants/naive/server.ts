// The stack as a tutorial puts it together: Apollo standalone, type-graphql classes, drizzle built at each call.
import "reflect-metadata";
import { createHash } from "node:crypto";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import DataLoader from "dataloader";
import { and, desc, eq, gt, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { DateTimeISOResolver as DateTime, SafeIntResolver as SafeInt } from "graphql-scalars";
import pg from "pg";
import {
  buildSchema,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  InterfaceType,
  ObjectType,
} from "type-graphql";
import { Arg, Ctx, Query, Resolver, Root } from "type-graphql";
import { instances, operations, snapshots } from "../../../../dist/db/tables/index.js";
import { parseIdOf, toGlobalId } from "../../../../dist/ids.js";
import { judgeExportable, judgeRestorable, statusAt } from "../../../../dist/snapshots/eligibility.js";
import { projectId } from "../../seed.ts";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
const db = drizzle({ client: pool, schema: { instances, operations, snapshots } });
type SnapshotRow = typeof snapshots.$inferSelect;
type OperationRow = typeof operations.$inferSelect;
interface Context {
  latest: DataLoader<string, SnapshotRow[]>;
}

@InterfaceType({ resolveType: () => "SnapshotOperation" })
abstract class Node {
  @Field(() => ID) id!: string;
}
@InterfaceType({ implements: Node, resolveType: () => "SnapshotOperation" })
abstract class Operation extends Node {
  @Field(() => String) status!: string;
  @Field(() => String) phase!: string;
  @Field(() => Float) percent!: number;
  @Field(() => SafeInt) bytesDone!: number;
  @Field(() => SafeInt, { nullable: true }) bytesTotal?: number | null;
  @Field(() => Int, { nullable: true }) etaSeconds?: number | null;
  @Field(() => Int) revision!: number;
  @Field(() => Boolean) cancelable!: boolean;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) startedAt?: Date | null;
  @Field(() => DateTime, { nullable: true }) finishedAt?: Date | null;
}
@ObjectType({ implements: Operation })
class SnapshotOperation extends Operation {}

@ObjectType()
class Eligibility {
  @Field(() => Boolean) allowed!: boolean;
  @Field(() => DateTime, { nullable: true }) until?: Date | null;
  @Field(() => [String]) reasons!: string[];
}
@ObjectType()
class Snapshot {
  @Field(() => ID) id!: string;
  @Field(() => String) type!: string;
  @Field(() => String) kind!: string;
  @Field(() => String) cause!: string;
  @Field(() => String) status!: string;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => DateTime) takenAt!: Date;
  @Field(() => DateTime, { nullable: true }) completedAt?: Date | null;
  @Field(() => SafeInt, { nullable: true }) sizeBytes?: number | null;
  @Field(() => SafeInt, { nullable: true }) storedBytes?: number | null;
}
@ObjectType()
class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => Boolean) hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true }) startCursor?: string | null;
  @Field(() => String, { nullable: true }) endCursor?: string | null;
}
@ObjectType()
class SnapshotEdge {
  @Field(() => String) cursor!: string;
  @Field(() => Snapshot) node!: SnapshotRow;
}
@ObjectType()
class SnapshotConnection {
  @Field(() => [SnapshotEdge]) edges!: SnapshotEdge[];
  @Field(() => [Snapshot]) nodes!: SnapshotRow[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
@ObjectType()
class Instance {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String) tier!: string;
  @Field(() => String) version!: string;
  @Field(() => String) region!: string;
  @Field(() => String) status!: string;
  @Field(() => DateTime) createdAt!: Date;
}
@ObjectType()
class InstanceConnection {
  @Field(() => [Instance]) nodes!: Instance[];
}
@InputType()
class SnapshotFilter {
  @Field(() => Boolean, { nullable: true }) exportableOnly?: boolean;
}

const toInstance = (row: typeof instances.$inferSelect) => ({
  ...row,
  uuid: row.id,
  id: toGlobalId("instance", row.id),
});
const toOperation = (row: OperationRow) => ({
  ...row,
  id: toGlobalId("operation", row.id),
  cancelable: !["SUCCEEDED", "FAILED", "CANCELED"].includes(row.status),
});
const unexpired = (now: Date) =>
  and(
    or(ne(snapshots.status, "COMPLETED"), gt(snapshots.restorableUntil, now)),
    isNull(snapshots.supersededAt),
  );

@Resolver(() => Instance)
class InstanceResolver {
  @Query(() => Instance, { nullable: true })
  async instance(@Arg("id", () => ID) id: string) {
    const own = and(eq(instances.id, parseIdOf("instance", id)!), eq(instances.projectId, projectId));
    const [row] = await db.select().from(instances).where(own);
    return row ? toInstance(row) : null;
  }
  @Query(() => InstanceConnection)
  async instances(@Arg("first", () => Int) first: number) {
    const own = and(eq(instances.projectId, projectId), isNull(instances.deletedAt));
    const rows = await db
      .select()
      .from(instances)
      .where(own)
      .orderBy(instances.createdAt, instances.id)
      .limit(first);
    return { nodes: rows.map(toInstance) };
  }
  @FieldResolver(() => SnapshotConnection)
  async snapshots(
    @Root() { uuid }: { uuid: string },
    @Ctx() context: Context,
    @Arg("first", () => Int) first: number,
    @Arg("filter", () => SnapshotFilter, { nullable: true }) filter?: SnapshotFilter,
  ) {
    if (!filter?.exportableOnly) return { nodes: await context.latest.load(uuid) };
    const now = new Date();
    const rows = await db
      .select()
      .from(snapshots)
      .where(
        and(
          eq(snapshots.instanceId, uuid),
          eq(snapshots.projectId, projectId),
          unexpired(now),
          eq(snapshots.status, "COMPLETED"),
          gt(snapshots.exportableUntil, now),
          ne(snapshots.kind, "DIFFERENTIAL"),
        ),
      )
      .orderBy(desc(snapshots.takenAt), desc(snapshots.id))
      .limit(first + 1);
    const list = ["snapshots", uuid, { exportableOnly: true, restorableOnly: false, includeExpired: false }];
    const key = createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
    const edges = rows.slice(0, first).map((node) => ({
      node,
      cursor: Buffer.from(`${key}|${node.takenAt.getTime()}|${node.id}`).toString("base64url"),
    }));
    const pageInfo = {
      hasNextPage: rows.length > first,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    };
    return { edges, nodes: edges.map(({ node }) => node), pageInfo };
  }
}

@Resolver(() => Snapshot)
class SnapshotResolver {
  @FieldResolver(() => ID) id(@Root() row: SnapshotRow) {
    return toGlobalId("snapshot", row.id);
  }
  @FieldResolver(() => String) status(@Root() row: SnapshotRow) {
    return statusAt(row, new Date());
  }
  @FieldResolver(() => Boolean) restorable(@Root() row: SnapshotRow) {
    return judgeRestorable(row, new Date()).allowed;
  }
  @FieldResolver(() => Boolean) exportable(@Root() row: SnapshotRow) {
    return judgeExportable(row, new Date()).allowed;
  }
  @FieldResolver(() => Eligibility) restorability(@Root() row: SnapshotRow) {
    return judgeRestorable(row, new Date());
  }
  @FieldResolver(() => Eligibility) exportability(@Root() row: SnapshotRow) {
    return judgeExportable(row, new Date());
  }
}

@Resolver()
class NodeResolver {
  @Query(() => [Node], { nullable: "items" })
  async nodes(@Arg("ids", () => [ID]) ids: string[]) {
    const uuids = ids.map((id) => parseIdOf("operation", id)!);
    const own = and(inArray(operations.id, uuids), eq(operations.projectId, projectId));
    const rows = await db.select().from(operations).where(own);
    return uuids.map((uuid) => rows.filter(({ id }) => id === uuid).map(toOperation)[0] ?? null);
  }
}

async function loadLatest(ids: readonly string[]): Promise<SnapshotRow[][]> {
  const ranked = db
    .select({
      id: snapshots.id,
      rank: sql<number>`row_number() over (partition by instance_id order by taken_at desc)`.as("rank"),
    })
    .from(snapshots)
    .where(
      and(inArray(snapshots.instanceId, [...ids]), eq(snapshots.projectId, projectId), unexpired(new Date())),
    )
    .as("ranked");
  const rows = await db
    .select()
    .from(snapshots)
    .innerJoin(ranked, eq(ranked.id, snapshots.id))
    .where(sql`${ranked.rank} <= 5`)
    .orderBy(desc(snapshots.takenAt));
  return ids.map((id) => rows.filter((row) => row.snapshots.instanceId === id).map((row) => row.snapshots));
}

const schema = await buildSchema({
  resolvers: [InstanceResolver, SnapshotResolver, NodeResolver],
  orphanedTypes: [SnapshotOperation, Operation],
  validate: false,
});
const server = new ApolloServer<Context>({ schema });
await startStandaloneServer(server, {
  listen: { port: Number(process.env["PORT"]), host: "127.0.0.1" },
  context: async () => ({ latest: new DataLoader(loadLatest) }),
});
console.log("ready");
