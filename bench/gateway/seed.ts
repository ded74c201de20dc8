import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { defaultRetentionTable } from "../../dist/snapshots/retention-table.js";

/** What is in the database, by the numbers. */
export interface Scale {
  readonly projects: number;
  readonly instancesPerProject: number;
  readonly snapshotsPerInstance: number;
}

/**
 * 50 projects, 2,000 instances, 500,000 snapshots. More `times` are more snapshots of each instance; fewer are fewer projects, so
 * that whoever asks for one project's gets as much.
 */
export const scaleOf = (times: number): Scale => ({
  projects: Math.ceil(50 * Math.min(1, times)),
  instancesPerProject: 40,
  snapshotsPerInstance: 250 * Math.max(1, times),
});

const operationsPerInstance = 20;
export const keyOf = (project: number): string => `dag_bench_${project}`;
/** The key of the first project, which all questions are asked with unless told. */
export const benchKey = keyOf(1);
/** A project of its own for what is written: as many instances as one round starts operations. */
export const writersKey = "dag_writers";
export const writtenInstances = 500;
const writersProject = 1_000_000;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * The retention table as it comes, but that nothing is taken by itself: behind the fleet's rows there is no engine, so that
 * each snapshot that falls due would fail, again and again, while others are measured.
 */
const policy = {
  version: "bench",
  rows: defaultRetentionTable.rows.map(({ hourMs: _, windows, ...row }) => ({
    ...row,
    cadenceHours: null,
    scheduledPerDay: {},
    windows: { SCHEDULED: {}, ON_DEMAND: windows.ON_DEMAND },
  })),
};

/**
 * What a service that knows of snapshots looks for before it starts: a store that is marked as one, empty, a master key, and a
 * policy, whose file it tells.
 */
export async function placeHome(home: string): Promise<{ policyFile: string }> {
  await mkdir(join(home, "store"), { recursive: true });
  await writeFile(join(home, "store", ".daguerre-store"), "");
  const key = join(home, "master.key");
  if (!existsSync(key)) await writeFile(key, randomBytes(32).toString("base64"), { mode: 0o600 });
  const policyFile = join(home, "policy.json");
  await writeFile(policyFile, JSON.stringify(policy));
  return { policyFile };
}

/**
 * Fills a migrated, empty database with a fleet whose clock is `now`: VDC instances of V5 with a snapshot an
 * hour, every sixth of them FULL and exportable by its window; the newest 20 of each have the operation that took them.
 * Row ids are made from counters, so that every run has the same ones.
 */
export async function seed(url: string, scale: Scale, now: Date): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const at = `'${now.toISOString()}'::timestamptz`;
  const id = (space: number, expression: string) =>
    `(lpad(to_hex(${space}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${expression}), 12, '0'))::uuid`;
  const { projects, instancesPerProject, snapshotsPerInstance } = scale;
  const instances = projects * instancesPerProject;
  const full = "hour % 6 = 0";
  try {
    await client.query("set session_replication_role = replica"); // checks of foreign keys alone would take minutes
    await client.query(
      `insert into projects (id, name, created_at)
       select ${id(1, "p")}, 'project ' || p, ${at} - interval '400 days' from generate_series(1, ${projects}) p`,
    );
    await client.query(
      `insert into api_keys (id, project_id, name, role, prefix, secret_sha256, created_at)
       select ${id(2, "p")}, ${id(1, "p")}, 'bench', 'ADMIN'::role, 'dag_benc', encode(sha256(('dag_bench_' || p)::bytea), 'hex'), ${at}
       from generate_series(1, ${projects}) p
       union all select ${id(2, String(writersProject))}, ${id(1, String(writersProject))}, 'writers', 'ADMIN', 'dag_writ', $1, ${at}`,
      [sha256(writersKey)],
    );
    await client.query(
      `with project as (insert into projects (id, name, created_at)
         values (${id(1, String(writersProject))}, 'writers', ${at} - interval '400 days'))
       insert into instances (id, project_id, name, tier, version, cloud_provider, region, status, engine, engine_version,
         generation, size_bytes, created_at)
       select ${id(3, `${writersProject} + i`)}, ${id(1, String(writersProject))}, 'written ' || i, 'PROFESSIONAL', 'V5',
         'AWS', 'eu-west-1', 'RUNNING', 'ladybug', '0.19.1', 1, 104857600, ${at}
       from generate_series(1, ${writtenInstances}) i`,
    );
    await client.query(
      `insert into instances (id, project_id, name, tier, version, cloud_provider, region, status, engine, engine_version,
         generation, size_bytes, created_at)
       select ${id(3, "i")}, ${id(1, `(i - 1) / ${instancesPerProject} + 1`)}, 'instance ' || i, 'VIRTUAL_DEDICATED_CLOUD', 'V5',
         'AWS', 'eu-west-1', 'RUNNING', 'ladybug', '0.19.1', 1, 104857600, ${at} - interval '400 days' + i * interval '1 second'
       from generate_series(1, ${instances}) i`,
    );
    // The k-th snapshot of instance i has the number (i - 1) * n + k; the newest is k = 1.
    await client.query(
      `insert into snapshots (id, project_id, instance_id, type, kind, cause, status, taken_at, completed_at, size_bytes,
         stored_bytes, sha256, artifact_key, artifact_state, base_id, chain_root_id, chain_depth, policy_version,
         restorable_until, exportable_until, created_at)
       select ${id(4, "n")}, ${id(1, `(i - 1) / ${instancesPerProject} + 1`)}, ${id(3, "i")}, 'SCHEDULED',
         (case when ${full} then 'FULL' else 'DIFFERENTIAL' end)::snapshot_kind, 'CADENCE', 'COMPLETED',
         taken, taken + interval '9 seconds', 104857600, 20971520, md5(n::text) || md5(n::text), 'bench/' || n, 'PRESENT',
         case when ${full} then null else ${id(4, "n + 1")} end, ${id(4, "n + hour % 6")}, hour % 6, '1',
         taken + interval '400 days', case when ${full} then taken + interval '400 days' end, taken
       from (select i, k, (i - 1)::bigint * ${snapshotsPerInstance} + k as n, ${snapshotsPerInstance} - k as hour,
               ${at} - k * interval '1 hour' as taken
             from generate_series(1, ${instances}) i, generate_series(1, ${snapshotsPerInstance}) k) s`,
    );
    await client.query(
      `insert into operations (id, project_id, instance_id, kind, status, phase, percent, bytes_done, bytes_total, revision,
         exclusive, attempt, snapshot_id, requested_by, created_at, started_at, finished_at)
       select ${id(5, "n")}, ${id(1, `(i - 1) / ${instancesPerProject} + 1`)}, ${id(3, "i")}, 'SNAPSHOT', 'SUCCEEDED', 'DONE', 100,
         104857600, 104857600, 12, true, 1, ${id(4, `(i - 1)::bigint * ${snapshotsPerInstance} + k`)}, null,
         taken, taken + interval '1 second', taken + interval '9 seconds'
       from (select i, k, (i - 1) * ${operationsPerInstance} + k as n, ${at} - k * interval '1 hour' as taken
             from generate_series(1, ${instances}) i, generate_series(1, ${operationsPerInstance}) k) s`,
    );
    await client.query("set session_replication_role = origin");
    await client.query("vacuum (analyze)");
    // Else it goes on writing while others measure.
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}

const uuid = (space: number, n: number) =>
  `${space.toString(16).padStart(8, "0")}-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

export const writersProjectId = uuid(1, writersProject);
export const writtenInstanceIds = (): string[] =>
  Array.from({ length: writtenInstances }, (_, index) => uuid(3, writersProject + index + 1));

/** Row ids of what the bench's key may see: those of the first project. */
export const projectId = uuid(1, 1);
export const instanceIds = ({ instancesPerProject }: Scale, project = 1): string[] =>
  Array.from({ length: instancesPerProject }, (_, index) =>
    uuid(3, (project - 1) * instancesPerProject + index + 1),
  );
export const operationIds = (scale: Scale): string[] =>
  Array.from({ length: scale.instancesPerProject * operationsPerInstance }, (_, index) => uuid(5, index + 1));
