/**
 * Asks on behalf of many, and spares who has failed: what is asked within `pauseMs` after a failure fails in the same way,
 * without being asked. Who makes up questions makes up no requests to others thereby.
 */
export function pauseAfterFailure(
  pauseMs: number,
  stopwatch: () => number,
): <Answer>(ask: () => Promise<Answer>) => Promise<Answer> {
  let failure: { readonly error: unknown; readonly at: number } | undefined;
  return async (ask) => {
    if (failure && stopwatch() - failure.at < pauseMs) throw failure.error;
    try {
      const answer = await ask();
      failure = undefined;
      return answer;
    } catch (error) {
      failure = { error, at: stopwatch() };
      throw error;
    }
  };
}
