import type { Actor } from "../audit/actor.js";

/** What a reader may see. Every query takes it, so that none can forget it. */
export interface Scope {
  readonly projectId: string;
}

/** Who is asking: a live API key of a project, or the bearer of a token that speaks for one. */
export interface Viewer extends Scope, Actor {
  readonly projectName: string;
  /** When the key or token ends, if it does; open sockets end with it. */
  readonly expiresAt: Date | null;
}
