import { sql } from "drizzle-orm";
import pg from "pg";
import type { Transaction } from "./client.js";
import { tenantRole } from "./tables/tenancy.js";

/** Says in one line what an administrator of the Postgres has to do. */
export class TenantRoleError extends Error {
  override readonly name = "TenantRoleError";
}

const role = tenantRole.name;

/**
 * Sees to it that there is the role that tenants' requests run as, and that this user may become it. It is kept apart from
 * the migrations, because a role belongs to a whole Postgres: a dump restored elsewhere brings none. Throws TenantRoleError
 * where the user may not make roles and nobody has made it: to serve without it would be to serve with one wall less.
 */
export async function ensureTenantRole(client: pg.ClientBase): Promise<void> {
  const user = pg.escapeIdentifier(await currentUser(client));
  // Two services that share a Postgres may be making it at this moment.
  const make = `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`;
  try {
    const found = await findRole(client);
    if (!found) await client.query(make);
    else if (found.all_powerful)
      throw new TenantRoleError(
        `the role ${role} sees every row: alter role ${role} nosuperuser nobypassrls`,
      );
    if (!(await mayBecome(client))) await client.query(`grant ${role} to ${user}`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== "42501") throw error;
    const cure = `create role ${role} nologin; grant ${role} to ${user}`;
    throw new TenantRoleError(
      `the database's user may not make the role that keeps projects apart: have an administrator run: ${cure}`,
    );
  }
}

/** What tenants may do where policies let them; what they may not change is taken back by the migrations' triggers. */
export async function grantToTenants(client: pg.ClientBase): Promise<void> {
  const schema = pg.escapeIdentifier(await currentSchema(client));
  await client.query(`grant usage on schema ${schema} to ${role}`);
  await client.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
  await client.query(`grant usage on all sequences in schema ${schema} to ${role}`);
}

/**
 * Does one piece of a tenant's transaction as the service itself, for what tenants may not touch, such as the job queue. In
 * a transaction of the service it changes nothing.
 */
export async function asService<Result>(tx: Transaction, work: () => Promise<Result>): Promise<Result> {
  const { rows } = await tx.execute<{ before: string }>(
    sql`select current_setting('role') as before, set_config('role', 'none', true)`,
  );
  const result = await work();
  // Not in a finally: a transaction that has failed takes no statement, and its end undoes this.
  await tx.execute(sql`select set_config('role', ${rows[0]?.before ?? role}, true)`);
  return result;
}

async function findRole(client: pg.ClientBase): Promise<{ all_powerful: boolean } | undefined> {
  const text = "select rolsuper or rolbypassrls as all_powerful from pg_roles where rolname = $1";
  return (await client.query<{ all_powerful: boolean }>(text, [role])).rows[0];
}

/** Tried, not asked for: versions of Postgres differ in what membership means. */
async function mayBecome(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query(`set role ${role}`);
    await client.query("reset role");
    return true;
  } catch (error) {
    if ((error as pg.DatabaseError).code === "42501") return false;
    throw error;
  }
}

async function currentUser(client: pg.ClientBase): Promise<string> {
  return (await client.query<{ name: string }>("select current_user as name")).rows[0]?.name ?? "";
}

async function currentSchema(client: pg.ClientBase): Promise<string> {
  return (await client.query<{ name: string }>("select current_schema() as name")).rows[0]?.name ?? "public";
}
