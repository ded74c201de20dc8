import type { Role } from "../db/enums.js";

/** What a reader may see. Every query takes it, so that none can forget it. */
export interface Scope {
  readonly projectId: string;
}

/** From where a request came, as far as the connection tells. */
export interface Origin {
  readonly address: string;
  readonly userAgent?: string;
}

/** Who is asking: a live API key of a project, or the bearer of a token that speaks for one. */
export interface Viewer extends Scope {
  readonly projectName: string;
  readonly role: Role;
  /** The key's row id; of a token `oidc|` and its subject. Limits and records count by it. */
  readonly keyId: string;
  readonly keyName: string;
  /** When the key or token ends, if it does; open sockets end with it. */
  readonly expiresAt: Date | null;
  readonly origin?: Origin;
}
