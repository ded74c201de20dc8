/** Where a copy stands, as one attempt sees it. */
export interface CopyState {
  /** By this attempt alone: what an earlier one had copied says nothing about the pace. */
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly startedAtMs: number;
  readonly nowMs: number;
}

/**
 * Progress is stored at most so often, counted from the last stored change of any kind. An operation has
 * six other changes (asked, taken up, four phases), before and after which a report waits as long; so no
 * second sees more than ten.
 */
export const reportEveryMs = 250;

/** A pace measured over less than this share says nothing. */
const leastShare = 0.01;

/** Copied bytes never make 100 %: only success does. */
export function describeProgress(copy: CopyState): { percent: number; etaSeconds: number | null } {
  const { bytesDone, bytesTotal, startedAtMs, nowMs } = copy;
  const share = bytesTotal ? Math.min(1, bytesDone / bytesTotal) : 0;
  const known = share >= leastShare;
  return {
    percent: share * 99,
    etaSeconds: known ? Math.max(0, Math.round(((nowMs - startedAtMs) * (1 - share)) / share / 1000)) : null,
  };
}
