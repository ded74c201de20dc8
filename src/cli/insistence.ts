/** Ctrl-C reaches a process twice where npm runs it: from the terminal, and handed on by npm. */
const sameMs = 500;

/** Told of each signal, asks for a stop at the first, and insists at the next that is meant as one. */
export function createInsistence(now: () => number, ask: () => void, insist: () => void): () => void {
  let askedAt: number | undefined;
  return () => {
    if (askedAt === undefined) {
      askedAt = now();
      ask();
    } else if (now() - askedAt >= sameMs) insist();
  };
}
