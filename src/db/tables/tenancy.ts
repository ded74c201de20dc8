import { sql, type SQL } from "drizzle-orm";
import { type AnyPgColumn, pgPolicy, pgRole } from "drizzle-orm/pg-core";

/** What tenants' requests run as. It is made outside the migrations, since roles belong to a whole Postgres, not to one database. */
export const tenantRole = pgRole("daguerre_tenant").existing();

/** The setting that holds the project whose rows a connection may see. Unset: none. */
export const projectSetting = "daguerre.project_id";

/** As a subselect it is read once a statement, not once a row. */
const currentProject = sql.raw(`(select nullif(current_setting('${projectSetting}', true), '')::uuid)`);

/** The condition itself, for policies of a table's own. */
export const ownProject = (projectId: AnyPgColumn) => sql`${projectId} = ${currentProject}`;

/** For every table with a project: to tenants, rows of others do not exist, and none can be made. */
export const ownProjectOnly = (projectId: AnyPgColumn) => ownOnly(ownProject(projectId));

/** For a table whose rows belong to a project by way of another table's. */
export const ownOnly = (condition: SQL) =>
  pgPolicy("own_project_only", { for: "all", to: tenantRole, using: condition, withCheck: condition });
