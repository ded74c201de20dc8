// What a careful person writes by hand over `pg`: one statement a question, named so that it is prepared once, and
// rows made into the answer's shape. The floor, Mercurius and Yoga share it; rules and ids are the product's own.
import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { judgeExportable, judgeRestorable, statusAt } from "../../../dist/snapshots/eligibility.js";
import { createIds, parseIdOf, toGlobalId } from "../../../dist/ids.js";
import { projectId, writersProjectId } from "../seed.ts";

const snapshotColumns = `s.id, s.instance_id, s.type, s.kind, s.cause, s.status, s.name, s.taken_at, s.completed_at,
  s.size_bytes, s.stored_bytes, s.artifact_state, s.chain_broken_at, s.superseded_at, s.restorable_until,
  s.exportable_until, s.export_first_full_of_day_only, s.first_full_of_day, s.hold_id`;
const unexpired = `(s.status <> 'COMPLETED' or s.hold_id is not null or (s.restorable_until > $2 and s.superseded_at is null))`;
const exportable = `s.status = 'COMPLETED' and s.chain_broken_at is null and s.artifact_state not in ('PURGED', 'DAMAGED')
  and s.exportable_until > $2 and s.kind <> 'DIFFERENTIAL' and (not s.export_first_full_of_day_only
    or s.type <> 'SCHEDULED' or s.kind <> 'FULL' or s.first_full_of_day)`;

const statements = {
  instance: `select id, name, tier, version, region, status, created_at from instances
    where id = $1 and project_id = $2 and deleted_at is null`,
  tab: `select ${snapshotColumns} from snapshots s where s.instance_id = $1 and s.project_id = $3 and ${unexpired}
    and ${exportable} order by s.taken_at desc, s.id desc limit $4`,
  instances: `select id, name, tier, version, region, status, created_at from instances
    where project_id = $1 and deleted_at is null order by created_at, id limit $2`,
  latest: `select s.* from unnest($1::uuid[]) parent(id) cross join lateral (select ${snapshotColumns} from snapshots s
    where s.instance_id = parent.id and s.project_id = $3 and ${unexpired}
    order by s.taken_at desc, s.id desc limit $4) s`,
  operations: `select id, status, phase, percent, bytes_done, bytes_total, eta_seconds, revision, created_at, started_at,
    finished_at from operations where id = any($1::uuid[]) and project_id = $2`,
  // What it takes to start a snapshot, by hand: the rows and notices that Daguerre makes, in one transaction.
  lockInstance: `select id, status, size_bytes from instances
    where id = $1 and project_id = $2 and deleted_at is null for update`,
  blocking: `select id from operations where instance_id = $1 and exclusive and status in ('QUEUED', 'RUNNING', 'CANCELING') limit 1`,
  addSnapshot: `insert into snapshots (id, project_id, instance_id, type, kind, cause, status, taken_at, chain_root_id, chain_depth, created_at)
    values ($1, $2, $3, 'ON_DEMAND', 'FULL', 'ON_DEMAND', 'PENDING', $4, $1, 0, $4)`,
  addOperation: `insert into operations (id, project_id, instance_id, kind, status, phase, exclusive, snapshot_id, bytes_total, requested_by, created_at)
    values ($1, $2, $3, 'SNAPSHOT', 'QUEUED', 'QUEUED', true, $4, $5, 'writers', $6)`,
  addJob: `insert into pgboss.job (id, name, data, singleton_key, policy) values ($1::uuid, 'operations', '{}', $1::uuid::text, 'singleton')`,
  notify: `select pg_notify('daguerre', $1), pg_notify('daguerre', $2)`,
  addAudit: `insert into audit_events (project_id, at, action, outcome, key_id, key_name, role, object_id, operation_id)
    values ($1, $2, 'takeSnapshot', 'GRANTED', 'writers', 'writers', 'ADMIN', $3, $4)`,
};

// Left as pg gives it by default, an instant becomes a Date and a bigint a string.
pg.types.setTypeParser(20, Number);

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const ask = async (name, ...values) => (await pool.query({ name, text: statements[name], values })).rows;

const toInstance = (row) => ({
  uuid: row.id,
  id: toGlobalId("instance", row.id),
  name: row.name,
  tier: row.tier,
  version: row.version,
  region: row.region,
  status: row.status,
  createdAt: row.created_at,
});

function toSnapshot(row, now) {
  const facts = {
    status: row.status,
    kind: row.kind,
    type: row.type,
    artifactState: row.artifact_state,
    chainBrokenAt: row.chain_broken_at,
    supersededAt: row.superseded_at,
    restorableUntil: row.restorable_until,
    exportableUntil: row.exportable_until,
    exportFirstFullOfDayOnly: row.export_first_full_of_day_only,
    firstFullOfDay: row.first_full_of_day,
    holdId: row.hold_id,
  };
  const restorability = judgeRestorable(facts, now);
  const exportability = judgeExportable(facts, now);
  return {
    uuid: row.id,
    id: toGlobalId("snapshot", row.id),
    type: row.type,
    kind: row.kind,
    cause: row.cause,
    status: statusAt(facts, now),
    name: row.name,
    takenAt: row.taken_at,
    completedAt: row.completed_at,
    sizeBytes: row.size_bytes,
    storedBytes: row.stored_bytes,
    restorable: restorability.allowed,
    exportable: exportability.allowed,
    restorability,
    exportability,
  };
}

const ended = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);
const toOperation = (row) => ({
  id: toGlobalId("operation", row.id),
  status: row.status,
  phase: row.phase,
  percent: row.percent,
  bytesDone: row.bytes_done,
  bytesTotal: row.bytes_total,
  etaSeconds: row.eta_seconds,
  revision: row.revision,
  cancelable: !ended.has(row.status),
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export async function findInstance(globalId) {
  const uuid = parseIdOf("instance", globalId);
  const [row] = uuid ? await ask("instance", uuid, projectId) : [];
  return row ? toInstance(row) : null;
}

export const listInstances = async (first) => (await ask("instances", projectId, first)).map(toInstance);

/** A Relay connection of an instance's exportable snapshots. */
export async function listExportable(instanceUuid, first) {
  const now = new Date();
  const rows = await ask("tab", instanceUuid, now, projectId, first + 1);
  const list = [
    "snapshots",
    instanceUuid,
    { exportableOnly: true, restorableOnly: false, includeExpired: false },
  ];
  const key = createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
  const edges = rows.slice(0, first).map((row) => ({
    cursor: Buffer.from(`${key}|${row.taken_at.getTime()}|${row.id}`).toString("base64url"),
    node: toSnapshot(row, now),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The newest snapshots of each instance, in the order of the ids. */
export async function listLatest(instanceUuids, first) {
  const now = new Date();
  const rows = await ask("latest", instanceUuids, now, projectId, first);
  const found = Map.groupBy(rows, (row) => row.instance_id);
  return instanceUuids.map((id) => (found.get(id) ?? []).map((row) => toSnapshot(row, now)));
}

export async function listOperations(globalIds) {
  const uuids = globalIds.map((id) => parseIdOf("operation", id));
  const found = new Map((await ask("operations", uuids, projectId)).map((row) => [row.id, row]));
  return uuids.map((uuid) => (found.has(uuid) ? toOperation(found.get(uuid)) : null));
}

const newId = createIds({ now: () => new Date() }, randomBytes);

export async function takeSnapshot(globalId) {
  const instanceId = parseIdOf("instance", globalId);
  const client = await pool.connect();
  const run = async (name, ...values) => (await client.query({ name, text: statements[name], values })).rows;
  try {
    await client.query("begin");
    const now = new Date();
    const [instance] = await run("lockInstance", instanceId, writersProjectId);
    if (instance?.status !== "RUNNING" || (await run("blocking", instanceId)).length > 0)
      throw new Error("busy");
    const [snapshotId, operationId] = [newId(), newId()];
    await run("addSnapshot", snapshotId, writersProjectId, instanceId, now);
    await run(
      "addOperation",
      operationId,
      writersProjectId,
      instanceId,
      snapshotId,
      instance.size_bytes,
      now,
    );
    await run("addJob", operationId);
    const told = { id: operationId, instanceId, revision: 1 };
    await run(
      "notify",
      JSON.stringify({ topic: "snapshot", id: snapshotId, instanceId, change: "ADDED" }),
      JSON.stringify({ topic: "operation", ...told }),
    );
    await run("addAudit", writersProjectId, now, globalId, toGlobalId("operation", operationId));
    await client.query("commit");
    const operation = {
      id: toGlobalId("operation", operationId),
      status: "QUEUED",
      phase: "QUEUED",
      percent: 0,
      createdAt: now,
    };
    return { operation, errors: [] };
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export { parseIdOf };
