import type { Role } from "../db/enums.js";

/** What a reader may see. Every query takes it, so that none can forget it. */
export interface Scope {
  readonly projectId: string;
}

/** Who is asking: a live API key of a project. */
export interface Viewer extends Scope {
  readonly projectName: string;
  readonly role: Role;
  readonly keyId: string;
  readonly keyName: string;
  /** When the key ends, if it does; open sockets end with it. */
  readonly expiresAt: Date | null;
}
