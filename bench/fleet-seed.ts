import type { ClientBase } from "pg";

export interface Fleet {
  readonly instances: number;
  /** Hourly, the newest at `now`: one FULL a day, now and then one on demand, the others differentials. */
  readonly snapshotsPerInstance: number;
  readonly now: Date;
  /** Each has as many instances as the others, the first of them the first; 1 unless told. */
  readonly projects?: number;
  /** Told after each piece, with the rows so far. */
  readonly onProgress?: (rows: number) => void;
}

const uuid = (block: string, n: number) =>
  `0000000${block}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
/** The first project's. */
export const fleetProjectId = uuid("0", 1);
export const fleetInstanceId = (index: number): string => uuid("1", index);

const rowsPerPiece = 400_000;

/**
 * Fills an empty, migrated database with a fleet that looks as if it had run for weeks: half of it on
 * BUSINESS_CRITICAL, half on VIRTUAL_DEDICATED_CLOUD V5, rows in the order of time and so each instance's scattered over the
 * table, windows stamped by the default table's numbers, what has expired purged. Needs a superuser: foreign keys are not
 * checked row by row. Indexes are built once at the end, and statistics gathered.
 */
export async function seedFleet(client: ClientBase, fleet: Fleet): Promise<void> {
  const { instances, snapshotsPerInstance: hours, now, projects = 1 } = fleet;
  await client.query("set session_replication_role = replica");
  await client.query("set maintenance_work_mem = '512MB'");
  const rebuild = await dropIndexes(client);
  await client.query(
    `create function pg_temp.numbered(block int, n bigint) returns uuid language sql immutable
     return ('0000000' || block || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`,
  );
  await client.query(
    `insert into projects (id, name, created_at)
     select pg_temp.numbered(0, p), 'fleet ' || p, $1 from generate_series(1, $2::int) p`,
    [now, projects],
  );
  await client.query(
    `insert into instances (id, project_id, name, tier, version, cloud_provider, region, status, engine, generation, created_at)
     select pg_temp.numbered(1, i), pg_temp.numbered(0, 1 + i * $1::int / $4), 'instance ' || i,
       (case when i % 2 = 0 then 'BUSINESS_CRITICAL' else 'VIRTUAL_DEDICATED_CLOUD' end)::tier, 'V5', 'AWS', 'eu-west-1',
       'RUNNING', 'ladybug', 1, $2::timestamptz - make_interval(hours => $3, secs => i % 3600)
     from generate_series(0, $4::int - 1) i`,
    [projects, now, hours, instances],
  );
  const step = Math.max(1, Math.floor(rowsPerPiece / instances));
  for (let from = 0; from < hours; from += step) {
    const to = Math.min(hours, from + step);
    await client.query(snapshotRows, [projects, now, instances, hours, from, to]);
    fleet.onProgress?.(to * instances);
  }
  for (const definition of rebuild) await client.query(definition);
  await client.query("set session_replication_role = origin");
  await client.query("vacuum analyze snapshots, instances");
  // Else it goes on writing while others measure.
  await client.query("checkpoint");
}

/** All but the primary key's; answers the statements that make them again. */
async function dropIndexes(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'snapshots'::regclass and not indisprimary`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map((row) => row.definition);
}

/** Hour `h` of instance `i` has the number h * instances + i, and its id: later ones are greater. */
const snapshotRows = `
  with cell as (
    select h, i, h::bigint * $3 + i as number, $2::timestamptz - make_interval(hours => $4::int - 1 - h, secs => i % 3600) as taken_at,
      h % 50 = 25 as on_demand, h % 24 = 0 and h % 50 <> 25 as is_full, i % 2 = 0 as critical,
      h - case when (h - 1) % 50 = 25 then 2 else 1 end as base_hour
    from generate_series($5::int, $6::int - 1) h cross join generate_series(0, $3::int - 1) i
  ), sort as (
    select *, not on_demand and not is_full as differential,
      taken_at + make_interval(days => case when on_demand then case when critical then 30 else 90 end
        when critical then 30 else 60 end) as restorable_until,
      case when on_demand then taken_at + make_interval(days => case when critical then 30 else 90 end)
        when is_full then taken_at + make_interval(days => case when critical then 7 else 14 end) end as exportable_until,
      h / 24 * 24 as full_hour
    from cell
  )
  insert into snapshots (id, project_id, instance_id, type, kind, cause, status, taken_at, completed_at, size_bytes, stored_bytes,
    sha256, artifact_key, artifact_state, base_id, chain_root_id, chain_depth, policy_version, restorable_until,
    exportable_until, export_first_full_of_day_only, day_starts_at, first_full_of_day, purge_check_at, artifact_removed_at,
    removal_told_at, created_at)
  select pg_temp.numbered(2, number), pg_temp.numbered(0, 1 + i * $1::int / $3), pg_temp.numbered(1, i),
    (case when on_demand then 'ON_DEMAND' else 'SCHEDULED' end)::snapshot_type,
    (case when differential then 'DIFFERENTIAL' else 'FULL' end)::snapshot_kind,
    (case when on_demand then 'ON_DEMAND' else 'CADENCE' end)::snapshot_cause, 'COMPLETED', taken_at, taken_at, 1000000,
    case when differential then 20000 else 400000 end, repeat(md5(h::text || '-' || i), 2),
    'aws/eu-west-1/' || i || '/' || h || '-1/',
    (case when restorable_until > $2 then 'PRESENT' else 'PURGED' end)::artifact_state,
    case when differential then pg_temp.numbered(2, base_hour::bigint * $3 + i) end,
    pg_temp.numbered(2, case when differential then full_hour::bigint * $3 + i else number end),
    case when differential then h - full_hour else 0 end, '1', restorable_until, exportable_until,
    not critical and is_full, date_trunc('day', taken_at, 'UTC'), is_full,
    restorable_until, case when restorable_until <= $2 then restorable_until end,
    case when restorable_until <= $2 then restorable_until end, taken_at
  from sort order by taken_at`;
