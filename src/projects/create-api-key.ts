import { recordAudit } from "../audit/record-audit.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { roles, type Role } from "../db/enums.js";
import { invalidInput, type InvalidInput } from "../errors.js";
import { toGlobalId, type NewId } from "../ids.js";
import { makeApiKey } from "./api-key.js";
import { insertApiKey, type ApiKeyRow } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

export interface CreateApiKeyContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (size: number) => Buffer;
}

export interface CreateApiKeyInput {
  /** 1 to 100 characters, spaces at the ends not counted. */
  readonly name: string;
  readonly role: Role;
  /** Must lie ahead; without it the key lives until it is revoked. */
  readonly expiresAt?: Date | null;
}

export interface CreateApiKeyResult {
  readonly apiKey?: ApiKeyRow;
  /** The key itself, `dag_…`: it is not kept and cannot be shown again. */
  readonly secret?: string;
  readonly errors: readonly InvalidInput[];
}

/** Makes a key of the viewer's project. The edge lets only ADMINs come here. */
export async function createApiKey(
  context: CreateApiKeyContext,
  viewer: Viewer,
  input: CreateApiKeyInput,
): Promise<CreateApiKeyResult> {
  const createdAt = context.clock.now();
  const name = input.name.trim();
  const expiresAt = input.expiresAt ?? null;
  const errors: InvalidInput[] = [];
  if (roles.indexOf(input.role) > roles.indexOf(viewer.role))
    errors.push(invalidInput(`A key that has ${viewer.role} makes none that has more.`, "input", "role"));
  if (name.length < 1 || name.length > 100)
    errors.push(invalidInput("A name has 1 to 100 characters.", "input", "name"));
  if (expiresAt && !(expiresAt > createdAt))
    errors.push(invalidInput("A key must expire in the future.", "input", "expiresAt"));
  if (errors.length > 0) return { errors };
  const secret = makeApiKey(context.randomBytes);
  const row = {
    id: context.newId(),
    projectId: viewer.projectId,
    name,
    role: input.role,
    createdAt,
    expiresAt,
  };
  return context.db.transaction(async (tx) => {
    const apiKey = await insertApiKey(tx, secret, row);
    const objectId = toGlobalId("apiKey", apiKey.id);
    await recordAudit(tx, viewer, createdAt, { action: "createApiKey", objectId });
    return { apiKey, secret, errors };
  });
}
