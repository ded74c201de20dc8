/** As many as the largest integer has that an engine knows (INT128). To make more into a bigint takes time that grows with their square. */
const mostDigits = 39;
/** Fewer digits than this are always exact as a double. */
const manyDigits = /\d{16}/;

export class TooManyDigitsError extends Error {
  override readonly name = "TooManyDigitsError";
  constructor() {
    super(`The body holds an integer of more than ${mostDigits} digits; send it as a string.`);
  }
}

const parseExactly = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown };

/**
 * Reads JSON with integers that a double would round as bigint, from the digits that were sent. Throws
 * SyntaxError, or TooManyDigitsError. Without long integers, which is nearly always, it is as fast as JSON.parse.
 */
export function parseJson(text: string): unknown {
  if (!manyDigits.test(text)) return JSON.parse(text);
  return parseExactly(text, (_key, value, { source }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value) || !source) return value;
    if (!/^-?\d+$/.test(source)) return value;
    if (source.length > mostDigits + 1) throw new TooManyDigitsError();
    return BigInt(source);
  });
}

/** The other way round. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? rawJSON(item.toString()) : item,
  );
