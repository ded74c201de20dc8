import { EngineError } from "../engine.js";

/** How many levels of lists and maps a parameter may have. */
const mostLevels = 32;
/**
 * Ladybug finds a list's type by looking at what is in it twice, so each list within a list doubles what its values take, on
 * its process's main thread, where no time limit holds. This many looks beyond the first take it some seconds.
 */
const mostLooks = 2 ** 21;

/** INT128's. What is beyond it Ladybug's library takes for another number. */
const largest = 2n ** 127n - 1n;

const refuse = (message: string): never => {
  throw new EngineError("PARAMETER", message);
};

/** Throws EngineError (PARAMETER) for what the engine would be at for minutes, or for ever, or would misread. */
export function guardParameters(parameters: Readonly<Record<string, unknown>>): void {
  let looks = 0;
  // Only what holds others is visited: most of what is sent is plain values, and nobody else is served meanwhile.
  const visit = (container: object, level: number, lists: number): void => {
    if (level > mostLevels) refuse(`A parameter has more than ${mostLevels} levels of lists and maps.`);
    const items: unknown[] = Array.isArray(container) ? container : Object.values(container);
    const inner = Array.isArray(container) ? lists + 1 : lists;
    looks += items.length * (2 ** Math.max(0, inner - 1) - 1);
    if (looks > mostLooks)
      refuse("The parameters hold too many values in lists within lists; send fewer, or in flatter lists.");
    for (const item of items) {
      if (typeof item === "object" && item !== null && isContainer(item)) visit(item, level + 1, inner);
      if (typeof item === "bigint" && (item > largest || item < -largest - 1n))
        refuse("A parameter holds an integer beyond INT128; send it as a string.");
    }
  };
  visit(parameters, 0, 0);
}

/** Dates and bytes are values. */
const isContainer = (value: object): boolean =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
