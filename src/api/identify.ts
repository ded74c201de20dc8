import type { IncomingMessage } from "node:http";
import type { Origin } from "../audit/actor.js";
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

/** Reads an `Authorization` header, or what stands for it in `connection_init`. */
export async function identify(
  authenticate: Authenticate,
  header: unknown,
  origin: Origin,
  now: Date,
): Promise<Identity> {
  const credentials = bearerKey(header);
  const { address } = origin;
  if (!credentials) return { address };
  try {
    const viewer = await authenticate(credentials, now);
    return viewer ? { viewer: { ...viewer, origin }, address } : { refusal: invalidKey(), address };
  } catch (error) {
    if (error instanceof AuthenticationError) return { refusal: error, address };
    throw error;
  }
}

/** Headers are kept short: they are recorded, and a client writes into them what it likes. */
export function originOf(request: IncomingMessage): Origin {
  const userAgent = request.headers["user-agent"]?.slice(0, 200);
  return { address: request.socket.remoteAddress ?? "", ...(userAgent && { userAgent }) };
}
