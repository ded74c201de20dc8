import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/db/embedded-postgres.js";
import { migrateDatabase } from "../../src/db/migrate.js";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One Postgres for the run, with a migrated database that every test clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "daguerre-test-"));
  const postgres = await startEmbeddedPostgres({ directory });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  // Nothing of it outlives the run; what must survive a crash is tested on a Postgres of its own.
  for (const setting of ["fsync", "full_page_writes"])
    await client.query(`alter system set ${setting} = off`);
  await client.query("select pg_reload_conf()");
  await client.query("create database daguerre_template");
  await client.end();
  await migrateDatabase(postgres.url.replace(/\/postgres$/, "/daguerre_template"));
  project.provide("postgresUrl", postgres.url);
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
