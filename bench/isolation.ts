/**
 * What the second wall between projects costs on the Snapshots tab (an instance and its newest 25 snapshots):
 * the same reads by the service's own connections and by those of tenants, in turns, over HTTP and below it.
 *
 *   npm run build && node bench/isolation.ts
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { sql } from "drizzle-orm";
import { graphql } from "graphql";
import { buildSchema } from "../dist/api/build-schema.js";
import { createContext, type EdgeParts } from "../dist/api/context.js";
import { connectDatabase, type Database } from "../dist/db/client.js";
import { startEmbeddedPostgres } from "../dist/db/embedded-postgres.js";
import { migrateDatabase } from "../dist/db/migrate.js";
import { connectTenants } from "../dist/db/tenant-databases.js";
import { toGlobalId } from "../dist/ids.js";
import type { Viewer } from "../dist/projects/viewer.js";
import { loadInstances } from "../dist/instances/instances.queries.js";
import { listSnapshotPages } from "../dist/snapshots/snapshots.queries.js";
import { defaultRetentionTable } from "../dist/snapshots/retention-table.js";

const projectCount = 20;
const instancesPerProject = 10;
const snapshotsPerInstance = 1000;
const lanes = 32;
const roundMs = 800;
const rounds = 11;

const now = new Date("2026-03-01T00:00:00Z");
const directory = await mkdtemp(join(tmpdir(), "dag-bench-"));
const postgres = await startEmbeddedPostgres({ directory });
await migrateDatabase(postgres.url);
const options = {
  url: postgres.url,
  maxConnections: 10,
  applicationName: "bench",
  onIdleError: () => undefined,
};
const service = connectDatabase(options);
const tenants = connectTenants(options);

const projects = Array.from({ length: projectCount }, () => randomUUID());
for (const id of projects) {
  await service.execute(sql`insert into projects values (${id}, 'bench', ${now.toISOString()})`);
  await service.execute(sql`
    insert into instances (id, project_id, name, tier, version, cloud_provider, region, status, engine, created_at)
    select gen_random_uuid(), ${id}, 'graph ' || n, 'PROFESSIONAL', 'V5', 'AWS', 'eu-west-1', 'CREATING', 'ladybug',
      ${now.toISOString()} from generate_series(1, ${instancesPerProject}) n`);
}
await service.execute(sql`
  insert into snapshots (id, project_id, instance_id, type, kind, cause, status, taken_at, completed_at, size_bytes,
    stored_bytes, sha256, artifact_key, artifact_state, chain_root_id, chain_depth, policy_version, restorable_until, created_at)
  select id, project_id, instance_id, 'ON_DEMAND', 'FULL', 'ON_DEMAND', 'COMPLETED', taken_at, taken_at, 1, 1, repeat('a', 64),
    'key', 'PRESENT', id, 0, '1', taken_at + interval '400 days', taken_at
  from (select gen_random_uuid() as id, instances.project_id, instances.id as instance_id,
    ${now.toISOString()}::timestamptz - n * interval '1 hour' as taken_at
    from instances, generate_series(1, ${snapshotsPerInstance}) n) made`);
await service.execute(sql`vacuum analyze`);

const { rows } = await service.execute<{ id: string; project_id: string }>(
  sql`select id, project_id from instances order by id`,
);
const schema = buildSchema();
const source = `query Tab($id: ID!) { instance(id: $id) { id name status snapshots(first: 25) {
  nodes { id kind status takenAt sizeBytes restorable exportable } pageInfo { hasNextPage endCursor } } } }`;

/** One Snapshots tab of that instance, as one of the two sees it. */
type Tab = (open: (projectId: string) => Database, at: (typeof rows)[number]) => Promise<unknown>;
const readRows: Tab = async (open, { id, project_id: projectId }) => {
  const db = open(projectId);
  const page = { from: "start", limit: 25 } as const;
  await loadInstances(db, { projectId }, [id]);
  await listSnapshotPages(db, { projectId }, [id], page, {}, now);
};
const parts = {
  events: undefined,
  clock: { now: () => now },
  policy: defaultRetentionTable,
  locations: [],
  publicUrl: "http://localhost",
  downloadKey: randomBytes(32),
  maxHolds: 1,
  actionsOn: () => ({}),
};
const askGraphql: Tab = async (open, { id, project_id: projectId }) => {
  const viewer: Viewer = {
    projectId,
    projectName: "bench",
    role: "VIEWER",
    keyId: "bench",
    keyName: "bench",
    expiresAt: null,
  };
  const contextValue = createContext({ ...parts, tenants: { open } } as unknown as EdgeParts, { viewer });
  const variableValues = { id: toGlobalId("instance", id) };
  const result = await graphql({ schema, source, variableValues, contextValue });
  if (result.errors) throw new Error("the tab was refused", { cause: result.errors });
};

async function tabsPerSecond(
  tab: Tab,
  open: (projectId: string) => Database,
  pick: () => (typeof rows)[number],
) {
  const until = performance.now() + roundMs;
  let done = 0;
  const lane = async () => {
    for (; performance.now() < until; done++) await tab(open, pick());
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (done * 1000) / roundMs;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
const everywhere = () => rows[Math.floor(Math.random() * rows.length)]!;
const ofFirst = rows.filter((row) => row.project_id === projects[0]);
const inOneProject = () => ofFirst[Math.floor(Math.random() * ofFirst.length)]!;

for (const [name, tab] of [["rows alone", readRows] as const, ["GraphQL executed", askGraphql] as const]) {
  for (const [where, pick] of [
    ["20 projects", everywhere] as const,
    ["one project", inOneProject] as const,
  ]) {
    const ratios: number[] = [];
    const rates: [number[], number[]] = [[], []];
    const ways = [() => service, (projectId: string) => tenants.open(projectId)] as const;
    for (const open of ways) await tabsPerSecond(tab, open, pick);
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      for (const way of order) rates[way as 0 | 1].push(await tabsPerSecond(tab, ways[way as 0 | 1], pick));
      ratios.push(rates[1].at(-1)! / rates[0].at(-1)!);
    }
    const [one, two] = [median([...rates[0]]), median([...rates[1]])];
    console.log(
      `${name}, ${where}: ${one.toFixed(0)} tabs/s with one wall, ${two.toFixed(0)} with two: ${median(ratios).toFixed(3)}`,
    );
  }
}
await tenants.close();
await service.$client.end();
await postgres.stop();
await rm(directory, { recursive: true, force: true });
