import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.js";
import type { EventBus } from "../events/event-bus.js";
import type { Viewer } from "../projects/viewer.js";
import type { Authenticate } from "./identify.js";

/** How long a key that was revoked in another process may still be answered, where the notice of it is late. */
export const rememberedMs = 1_000;
const rememberedKeys = 10_000;

/** Whether who was known at `since` is to be looked at again at `now`: while a body came, say, the key may have ended. */
export const mayHaveEnded = (since: Date, now: Date): boolean =>
  now.getTime() - since.getTime() >= rememberedMs;

export interface RememberContext {
  readonly clock: Clock;
  readonly events: EventBus;
  readonly authenticate: Authenticate;
}

/**
 * Spares a busy key the database's word at every request: who it was is remembered for a second, until it expires, or
 * until there is news of it. For single requests only: what stays open follows its credentials by itself.
 */
export function rememberViewers(context: RememberContext, signal: AbortSignal): Authenticate {
  const nowMs = () => context.clock.now().getTime();
  const known = new LRUCache<string, Viewer>({
    max: rememberedKeys,
    ttl: rememberedMs,
    ttlResolution: 0,
    perf: { now: nowMs },
  });
  let lastMs = -Infinity;
  /** What was remembered by a clock that has stepped back since would be known for as long as the step. */
  const mindSteps = () => {
    const before = lastMs;
    lastMs = nowMs();
    if (lastMs < before) known.clear();
  };

  async function forget(): Promise<void> {
    for await (const message of context.events.listen((event) => event.topic === "apiKey", signal)) {
      if (message.topic !== "apiKey") known.clear();
      else
        for (const [digest, viewer] of known.entries()) if (viewer.keyId === message.id) known.delete(digest);
    }
  }
  // Without notices a key is remembered for its second all the same.
  forget().catch(() => undefined);

  return async (credentials, now) => {
    mindSteps();
    const digest = hash("sha256", credentials, "base64");
    const remembered = known.get(digest);
    if (remembered && !(remembered.expiresAt && remembered.expiresAt <= now)) return remembered;
    const viewer = await context.authenticate(credentials, now);
    if (viewer) known.set(digest, viewer);
    else known.delete(digest);
    return viewer;
  };
}
