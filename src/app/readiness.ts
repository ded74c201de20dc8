import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../telemetry/logger.js";

export interface Readiness {
  /** Whether requests should come here, and which part says no; why stands in the log. */
  check(): Promise<{ ready: boolean; parts: Readonly<Record<string, "ok" | "failed">> }>;
  /** From now on the answer is no: requests should go elsewhere while those at hand are finished. */
  retire(): void;
}

export interface ReadinessParts {
  /** Each rejects where its part cannot do its work now. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly logger: Logger;
  /** A part that has not answered by then counts as failed. */
  readonly timeoutMs: number;
}

/** Probes are asked by anybody and often, so checks that run are shared by all who ask meanwhile. */
export function createReadiness({ checks, logger, timeoutMs }: ReadinessParts): Readiness {
  let retired = false;
  let running: ReturnType<Readiness["check"]> | undefined;

  async function checkPart(name: string, check: () => Promise<unknown>): Promise<"ok" | "failed"> {
    const done = new AbortController();
    const timeout = delay(timeoutMs, undefined, { signal: done.signal }).then(() => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
    try {
      await Promise.race([check(), timeout]);
      return "ok";
    } catch (error) {
      logger.warn({ err: error, part: name }, "not ready");
      return "failed";
    } finally {
      done.abort();
      await timeout.catch(() => undefined);
    }
  }

  async function checkAll() {
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await checkPart(name, check)] as const),
    );
    const parts = Object.fromEntries(found);
    return { ready: !retired && found.every(([, state]) => state === "ok"), parts };
  }

  return {
    check() {
      running ??= checkAll().finally(() => (running = undefined));
      return running;
    },
    retire() {
      retired = true;
    },
  };
}
