import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Origin } from "../audit/actor.js";
import type { Clock } from "../clock.js";
import { AuthenticationError, invalidKey } from "../projects/authentication-error.js";
import type { Viewer } from "../projects/viewer.js";
import { bearerKey } from "./read-body.js";

/**
 * The viewer behind an API key or token. Undefined for a key that is unknown, revoked or expired; throws
 * AuthenticationError where more may be said.
 */
export type Authenticate = (credentials: string, now: Date) => Promise<Viewer | undefined>;

/** Who asks, and from where; or why nobody is known by what was sent. Neither where nothing was sent. */
export interface Identity {
  readonly viewer?: Viewer | undefined;
  readonly refusal?: AuthenticationError | undefined;
  /** From where, as far as the connection tells: what strangers are counted by. */
  readonly address?: string | undefined;
}

export interface IdentifyParts {
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  /** Told of each connection over which a good key came, and of whose. */
  readonly onKnown: (connection: Socket, project: string) => void;
}

/** From where something came, once its request is let go. */
export interface CameFrom {
  readonly connection: Socket;
  readonly origin: Origin;
}

/** Reads an `Authorization` header, or what stands for it in `connection_init`. */
export async function identify(
  { authenticate, clock, onKnown }: IdentifyParts,
  header: unknown,
  { connection, origin }: CameFrom,
): Promise<Identity> {
  const credentials = bearerKey(header);
  const { address } = origin;
  if (!credentials) return { address };
  try {
    const viewer = await authenticate(credentials, clock.now());
    if (!viewer) return { refusal: invalidKey(), address };
    onKnown(connection, viewer.projectId);
    return { viewer: { ...viewer, origin }, address };
  } catch (error) {
    if (error instanceof AuthenticationError) return { refusal: error, address };
    throw error;
  }
}

export const cameFrom = (request: IncomingMessage): CameFrom => ({
  connection: request.socket,
  origin: originOf(request),
});

/** Headers are kept short: they are recorded, and a client writes into them what it likes. */
export function originOf(request: IncomingMessage): Origin {
  const userAgent = request.headers["user-agent"]?.slice(0, 200);
  return { address: request.socket.remoteAddress ?? "", ...(userAgent && { userAgent }) };
}
