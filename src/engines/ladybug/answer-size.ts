/** What a number takes, a date, or a list for itself; what JSON makes of it may differ a little. */
const wordBytes = 8;

/** Looks at a value as Ladybug gives it only until it is known to be larger than what is left; answers what is left then. */
export function spend(left: number, value: unknown): number {
  if (typeof value === "string") return left - Buffer.byteLength(value) - 2;
  if (value === null || typeof value !== "object" || value instanceof Date) return left - wordBytes;
  if (Buffer.isBuffer(value)) return left - Math.ceil(value.length / 3) * 4;
  const rest = left - wordBytes;
  if (Array.isArray(value)) return spendAll(rest, value);
  if (value instanceof Map) return spendAll(spendAll(rest, value.keys()), value.values());
  return spendAll(spendAll(rest, Object.keys(value)), Object.values(value));
}

function spendAll(left: number, values: Iterable<unknown>): number {
  for (const value of values) {
    left = spend(left, value);
    if (left < 0) break;
  }
  return left;
}
