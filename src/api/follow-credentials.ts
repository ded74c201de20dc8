import type { Clock } from "../clock.js";
import type { EventBus } from "../events/event-bus.js";
import type { Viewer } from "../projects/viewer.js";
import type { Authenticate } from "./identify.js";

export interface CredentialsContext {
  readonly clock: Clock;
  readonly events: EventBus;
  readonly authenticate: Authenticate;
}

/** A key that cannot be looked at in this time is not followed any longer: it may have been revoked. */
const checkWithinMs = 1_500;

/** Timers hold 24 days at most, so far ends take several. */
const longestTimer = 2 ** 31 - 1;

/**
 * For what stays open longer than a request: calls `onEnd` once, with words for the client, when the viewer's key or token
 * ends: at its expiry, or as soon as it is revoked, in whatever process; or UNKNOWN, when it cannot be looked at and the
 * client may come again. Stops with the signal, which whatever it follows for aborts when it is closed.
 */
export function followCredentials(
  context: CredentialsContext,
  credentials: string,
  viewer: Viewer,
  onEnd: (why: string, state: "ENDED" | "UNKNOWN") => void,
  signal: AbortSignal,
): void {
  let hasEnded = false;
  const end = (why: string, state: "ENDED" | "UNKNOWN" = "ENDED") => {
    if (hasEnded || signal.aborted) return;
    hasEnded = true;
    onEnd(why, state);
  };
  if (viewer.expiresAt) waitForExpiry(context.clock, viewer.expiresAt, () => end("It has expired."), signal);

  const notices = context.events.listen(
    (event) => event.topic === "apiKey" && event.id === viewer.keyId,
    signal,
    viewer.keyId,
  );
  const follow = async () => {
    // A lost connection may have hidden the notice: the key is looked at again then too.
    for await (const _notice of notices)
      if (!(await withDeadline(context.authenticate(credentials, context.clock.now()), checkWithinMs)))
        return end("It was revoked.");
  };
  follow().catch(() => end("The key could not be checked; connect again.", "UNKNOWN"));
}

function waitForExpiry(clock: Clock, expiresAt: Date, onExpiry: () => void, signal: AbortSignal): void {
  const left = expiresAt.getTime() - clock.now().getTime();
  if (left <= 0) return onExpiry();
  const timer = setTimeout(
    () => waitForExpiry(clock, expiresAt, onExpiry, signal),
    Math.min(left, longestTimer),
  );
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
