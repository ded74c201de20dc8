import { randomBytes } from "node:crypto";

/** As many as the largest integer has that an engine knows (INT128). To read more takes time that grows with their square. */
const mostDigits = 39;
/** Fewer digits than this are always exact as a double. */
const manyDigits = /\d{16}/;
/** A string begins, or a long integer: one that stands in no fraction or exponent. */
const places = new RegExp(`"|(?<![\\d.eE+-])-?[1-9]\\d{15,${mostDigits - 1}}`, "g");

export class TooManyDigitsError extends Error {
  override readonly name = "TooManyDigitsError";
  constructor() {
    super(`The body holds an integer of more than ${mostDigits} digits; send it as a string.`);
  }
}

/**
 * Reads JSON with integers that a double would round as bigint, from the digits that were sent. Throws SyntaxError, or
 * TooManyDigitsError. Not by a reviver: for each value it takes forty times as long as JSON.parse, and nobody else is served
 * meanwhile.
 */
export function parseJson(text: string): unknown {
  if (!manyDigits.test(text)) return JSON.parse(text);
  // Nobody who writes a body can know it; short, since it is read again before each long integer.
  const mark = randomBytes(12).toString("base64url");
  return unmark(JSON.parse(markIntegers(text, mark)), mark);
}

/** Puts long integers into strings that begin with the mark. */
function markIntegers(text: string, mark: string): string {
  const pieces: string[] = [];
  let from = 0;
  places.lastIndex = 0;
  for (let found = places.exec(text); found; found = places.exec(text)) {
    const [word] = found;
    const after = text.charAt(places.lastIndex);
    if (word === '"') places.lastIndex = endOfString(text, found.index);
    else if (/\d/.test(after)) throw new TooManyDigitsError();
    else if (!/[.eE]/.test(after)) {
      pieces.push(text.slice(from, found.index), `"${mark}${word}"`);
      from = places.lastIndex;
    }
  }
  return [...pieces, text.slice(from)].join("");
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === "\\") before--;
    if ((end - before) % 2 === 0) return end + 1;
  }
  return text.length;
}

function unmark(value: unknown, mark: string): unknown {
  if (typeof value === "string") {
    if (!value.startsWith(mark)) return value;
    const digits = value.slice(mark.length);
    const rounded = Number(digits);
    return Number.isSafeInteger(rounded) ? rounded : BigInt(digits);
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = unmark(value[index], mark);
  } else if (value !== null && typeof value === "object") {
    const fields = value as Record<string, unknown>;
    for (const key of Object.keys(fields)) fields[key] = unmark(fields[key], mark);
  }
  return value;
}

const { rawJSON } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown };

/** The other way round; not by a replacer, for the same reason. */
export const toJson = (value: unknown): string =>
  JSON.stringify(hasBigint(value) ? withRawIntegers(value) : value);

function hasBigint(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  return (Array.isArray(value) ? value : Object.values(value)).some(hasBigint);
}

function withRawIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return rawJSON(value.toString());
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withRawIntegers);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRawIntegers(item)]));
}
