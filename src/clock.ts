/** Where the time comes from. Passed in everywhere, so that tests decide what time it is. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * Whether `everyMs` have passed since then. A clock that has stepped back to before `sinceMs` cannot tell: that counts as
 * passed, or what is done now and then would rest for as long as the step.
 */
export const hasPassed = (everyMs: number, sinceMs: number, nowMs: number): boolean =>
  nowMs < sinceMs || nowMs - sinceMs >= everyMs;
