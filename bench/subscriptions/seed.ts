import type pg from "pg";

const id = (space: number, expression: string) =>
  `(lpad(to_hex(${space}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${expression}), 12, '0'))::uuid`;

/** Row id of the n-th operation. */
export const operationId = (n: number): string =>
  `00000005-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
const instanceId = "00000003-0000-7000-8000-000000000001";

/** An instance with as many running operations, of Daguerre's first project where it has made one. */
export async function seedOperations(client: pg.Client, operations: number): Promise<void> {
  await client.query(
    `insert into projects (id, name, created_at) select gen_random_uuid(), 'bench', now() where not exists (select from projects)`,
  );
  await client.query(
    `insert into instances (id, project_id, name, tier, version, cloud_provider, region, status, engine, engine_version,
       generation, size_bytes, created_at)
     select $1, id, 'bench', 'VIRTUAL_DEDICATED_CLOUD', 'V5', 'AWS', 'eu-west-1', 'RUNNING', 'ladybug', '0.19.1', 1, 0, now()
     from projects`,
    [instanceId],
  );
  await client.query(
    `insert into operations (id, project_id, instance_id, kind, status, phase, bytes_total, exclusive, attempt, requested_by,
       created_at, started_at)
     select ${id(5, "n")}, p.id, $1, 'CREATE_INSTANCE', 'RUNNING', 'COPYING', 1000000000, false, 1, 'bench', now(), now()
     from projects p, generate_series(1, $2::int) n`,
    [instanceId, operations],
  );
  const { rows } = await client.query<{ queue: string | null }>(`select to_regclass('pgboss.job') as queue`);
  if (!rows[0]?.queue) return;
  // Whoever sees them without a job would give them one, and fail them.
  await client.query(
    `insert into pgboss.job (id, name, start_after)
     select ${id(5, "n")}, $1, now() + interval '1 day' from generate_series(1, $2::int) n`,
    ["operations", operations],
  );
}

/** Stores progress of the first so many operations, with its notices, as the service does; answers the instant of the commit. */
export async function storeProgress(
  client: pg.Client,
  operations: number,
  revision: number,
): Promise<bigint> {
  await client.query("begin");
  await client.query(
    `update operations set revision = $2::int, percent = $2::int % 100, bytes_done = $2::int * 1000000, eta_seconds = 600
     where id = any(select ${id(5, "n")} from generate_series(1, $1::int) n)`,
    [operations, revision],
  );
  await client.query(
    `select pg_notify('daguerre', json_build_object('topic', 'operation', 'id', ${id(5, "n")}, 'instanceId', $3::text,
       'revision', $2::int)::text) from generate_series(1, $1::int) n`,
    [operations, revision, instanceId],
  );
  const committed = process.hrtime.bigint();
  await client.query("commit");
  return committed;
}
