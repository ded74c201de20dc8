import { randomBytes } from "node:crypto";
import { asc } from "drizzle-orm";
import { systemClock } from "../clock.js";
import { roles, type Role } from "../db/enums.js";
import type { ServiceDatabase } from "../db/client.js";
import { projects } from "../db/tables/index.js";
import { createEventBus } from "../events/postgres-event-bus.js";
import { createIds, parseIdOf, toGlobalId } from "../ids.js";
import { listApiKeys, type ApiKeyRow } from "../projects/api-keys.queries.js";
import { createApiKey } from "../projects/create-api-key.js";
import { revokeApiKey } from "../projects/revoke-api-key.js";
import type { Viewer } from "../projects/viewer.js";
import { createLogger } from "../telemetry/logger.js";
import { CommandFailure } from "./failure.js";
import { formatTable, plain } from "./table.js";
import { withDatabase } from "./with-database.js";

export interface ProjectOption {
  /** Its name or id; may be left out while there is one project alone. */
  readonly project?: string;
}

/** Whoever may read the database's password may do this: the command asks for no key. */
async function asOperator(db: ServiceDatabase, { project }: ProjectOption): Promise<Viewer> {
  const all = await db.select().from(projects).orderBy(asc(projects.createdAt), asc(projects.id));
  const named = all.filter(
    (one) => project === undefined || one.name === project || toGlobalId("project", one.id) === project,
  );
  const [found, ...others] = named;
  const list = () => all.map((one) => `${toGlobalId("project", one.id)} (${one.name})`).join(", ");
  if (!found)
    throw new CommandFailure(
      all.length
        ? `no such project; there are: ${list()}`
        : "there is no project yet; start the service once",
    );
  if (others.length > 0) throw new CommandFailure(`name one project with --project: ${list()}`);
  return {
    projectId: found.id,
    projectName: found.name,
    role: "ADMIN",
    keyId: "operator",
    keyName: "operator of the machine",
    expiresAt: null,
  };
}

const stateOf = (row: ApiKeyRow, now: Date): string => {
  if (row.revokedAt) return `revoked ${row.revokedAt.toISOString()}`;
  if (!row.expiresAt) return "live";
  return `${row.expiresAt > now ? "live until" : "expired"} ${row.expiresAt.toISOString()}`;
};

/** Prints every key of the project, never a secret. */
export function listKeys(options: ProjectOption): Promise<void> {
  return withDatabase(async (db) => {
    const viewer = await asOperator(db, options);
    const now = systemClock.now();
    const rows: string[][] = [];
    let last: ApiKeyRow | undefined;
    do {
      const after = last && { at: last.createdAt, id: last.id };
      const page = await listApiKeys(db, viewer, { from: "start", limit: 100, ...(after && { after }) });
      for (const row of page.rows) {
        const used = row.lastUsedAt?.toISOString() ?? "never";
        rows.push([toGlobalId("apiKey", row.id), row.prefix, row.name, row.role, stateOf(row, now), used]);
      }
      last = page.hasNextPage ? page.rows.at(-1) : undefined;
    } while (last);
    console.log(formatTable(["id", "prefix", "name", "role", "state", "last used"], rows, 100));
  });
}

export interface CreateKeyOptions extends ProjectOption {
  readonly name: string;
  readonly role: string;
  readonly expires?: string;
}

/** Makes a key and prints it, alone on stdout, so that a script can catch it. */
export function createKey(options: CreateKeyOptions): Promise<void> {
  const role = options.role.toUpperCase();
  if (!roles.includes(role as Role)) throw new CommandFailure(`--role is one of ${roles.join(", ")}`);
  const expiresAt = options.expires === undefined ? null : new Date(options.expires);
  if (expiresAt && Number.isNaN(expiresAt.getTime()))
    throw new CommandFailure("--expires is an instant such as 2027-01-31T12:00:00Z");
  return withDatabase(async (db) => {
    const viewer = await asOperator(db, options);
    const context = { db, clock: systemClock, newId: createIds(systemClock, randomBytes), randomBytes };
    const { apiKey, secret, errors } = await createApiKey(context, viewer, {
      name: options.name,
      role: role as Role,
      expiresAt,
    });
    if (!apiKey || !secret) throw new CommandFailure(errors.map((error) => error.message).join(" "));
    console.log(secret);
    console.error(
      `${toGlobalId("apiKey", apiKey.id)}, ${apiKey.role} of ${viewer.projectName}; shown once: keep it`,
    );
  });
}

/** Ends a key; a service that runs closes what it had opened. */
export function revokeKey(id: string, options: ProjectOption): Promise<void> {
  const keyId = parseIdOf("apiKey", id);
  if (!keyId) throw new CommandFailure("that is no key's id; 'daguerre keys list' shows them");
  return withDatabase(async (db, url) => {
    const viewer = await asOperator(db, options);
    const events = await createEventBus({
      url,
      logger: createLogger({ level: "silent" }),
      reconnectDelayMs: 250,
    });
    try {
      const { apiKey, errors } = await revokeApiKey({ db, clock: systemClock, events }, viewer, { keyId });
      if (!apiKey) throw new CommandFailure(errors.map((error) => error.message).join(" "));
      console.log(`${id} (${plain(apiKey.name)}) is revoked`);
    } finally {
      await events.close();
    }
  });
}
