import { setTimeout as delay } from "node:timers/promises";

/** The answer, or `otherwise` where it fails or does not come in time. */
export async function within<T>(ms: number, answer: Promise<T>, otherwise: T): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      answer.catch(() => otherwise),
      delay(ms, otherwise, { signal: late.signal }).catch(() => otherwise),
    ]);
  } finally {
    late.abort();
  }
}
