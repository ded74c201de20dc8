import type { Role } from "../db/enums.js";

/** From where a request came, as far as the connection tells. */
export interface Origin {
  readonly address: string;
  readonly userAgent?: string;
}

/** Who acts, as the audit log names them. */
export interface Actor {
  readonly projectId: string;
  readonly role: Role;
  /** The key's row id; of a token `oidc|` and its subject, `operator` of who has no key. Limits and records count by it. */
  readonly keyId: string;
  readonly keyName: string;
  readonly origin?: Origin;
  /** Of one mutation: whether a use case has recorded it in its own transaction. */
  readonly mutation?: { recorded: boolean };
}
