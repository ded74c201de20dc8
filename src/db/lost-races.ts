/**
 * What Postgres says of a transaction that it has undone so that another could go on: of a deadlock's and of a serialization
 * failure's loser. Nothing of it has happened, and the same again may go well.
 */
const codes: ReadonlySet<unknown> = new Set(["40P01", "40001"]);

/** Whether the error, or what caused it, is a transaction's that has lost to another. */
export function hasLostRace(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (codes.has((at as { code?: unknown }).code)) return true;
  return false;
}

/** A deadlock is found after a second; whoever asks waits no longer than for three of them. */
const mostTries = 3;

/** Runs a whole transaction, and again where it has lost. It must not change anything but by its own statements. */
export async function againIfLost<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === mostTries || !hasLostRace(error)) throw error;
    }
  }
}
