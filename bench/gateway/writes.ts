import pg from "pg";
import { toGlobalId } from "../../dist/ids.js";
import { bodiesOf, type Arena, type Sample } from "./compare.ts";
import type { Question } from "./questions.ts";
import { writersKey, writersProjectId, writtenInstanceIds } from "./seed.ts";

export const takeSnapshot: Question = {
  name: "M1",
  title: "takeSnapshot, until its operation is committed",
  rows: 1,
  document: `mutation M1($id: ID!) { takeSnapshot(input: { instanceId: $id }) {
    operation { id status phase percent createdAt } errors { __typename } } }`,
  asks: () =>
    writtenInstanceIds().map((uuid) => ({
      variables: { id: toGlobalId("instance", uuid) },
      byRow: { uuid },
    })),
};

/**
 * Each round asks once for a snapshot of each instance. What was written is counted, and taken away before the next round; the jobs are
 * made to wait, since what is measured is acceptance.
 */
export async function measureWrites(arena: Arena, rounds: number): Promise<Map<string, Sample[]>> {
  const { running, scale, databaseUrl } = arena;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`
      create or replace function pgboss.bench_waits() returns trigger language plpgsql as
        $$ begin new.start_after := now() + interval '1 day'; return new; end $$;
      create or replace trigger bench_waits before insert on pgboss.job for each row execute function pgboss.bench_waits()`);
    const writers = running.filter(({ contestant }) => ["floor", "daguerre"].includes(contestant.name));
    const samples = new Map<string, Sample[]>(writers.map(({ contestant }) => [contestant.name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const one of writers) {
        const bodies = bodiesOf(one, takeSnapshot, takeSnapshot.asks(scale, toGlobalId));
        const sample = await arena.measure([{ one, bodies, key: writersKey, amount: bodies.length }]);
        const left = await takeAway(client);
        if (left !== bodies.length)
          throw new Error(`${one.contestant.name} committed ${left} of ${bodies.length} operations`);
        if (round >= 0) samples.get(one.contestant.name)!.push(sample);
      }
    }
    await client.query("drop trigger bench_waits on pgboss.job");
    return samples;
  } finally {
    await client.end();
  }
}

/** Removes all that was written; how many operations there were that had all that belongs to them. */
async function takeAway(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ whole: number }>(
    `select count(*)::int as whole from operations o join snapshots s on s.id = o.snapshot_id join pgboss.job j on j.id = o.id
     where o.project_id = $1 and o.status = 'QUEUED' and s.status = 'PENDING'
       and (select count(*) from audit_events where project_id = $1) = (select count(*) from operations where project_id = $1)`,
    [writersProjectId],
  );
  await client.query("delete from pgboss.job where id in (select id from operations where project_id = $1)", [
    writersProjectId,
  ]);
  await client.query("set session_replication_role = replica"); // past foreign keys, and the audit log's own guard
  for (const table of ["operations", "snapshots", "audit_events"])
    await client.query(`delete from ${table} where project_id = $1`, [writersProjectId]);
  await client.query("set session_replication_role = origin");
  return rows[0]!.whole;
}
