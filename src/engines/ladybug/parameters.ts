import { EngineError } from "../engine.js";

/** How many levels of lists and maps a parameter may have. */
const mostLevels = 32;
/**
 * Ladybug finds a list's type by looking at what is in it twice, so each list within a list doubles what its values take, on
 * its process's main thread, where no time limit holds; and each map writes its type down anew, with all that is in it. This
 * many looks beyond the first take it some seconds.
 */
const mostLooks = 2 ** 21;

/** How many parameters there may be: to read and to send on a map of very many keys takes longest of all, and others wait meanwhile. */
const mostParameters = 1000;

/** INT128's. What is beyond it Ladybug's library takes for another number. */
const largest = 2n ** 127n - 1n;

const refuse = (message: string): never => {
  throw new EngineError("PARAMETER", message);
};

/**
 * Throws EngineError (PARAMETER) for what the engine would be at for minutes, or for ever, or would misread. Answers how many
 * values it has looked at.
 */
export function guardParameters(parameters: Readonly<Record<string, unknown>>): number {
  let looks = 0;
  let values = 0;
  if (Object.keys(parameters).length > mostParameters)
    refuse(`There are more than ${mostParameters} parameters; put values into a list or a map.`);
  // Only what holds others is visited: most of what is sent is plain values, and nobody else is served meanwhile.
  const visit = (container: object, level: number, lists: number, maps: number): void => {
    if (level > mostLevels) refuse(`A parameter has more than ${mostLevels} levels of lists and maps.`);
    const isList = Array.isArray(container);
    const items: unknown[] = isList ? container : Object.values(container);
    values += items.length;
    const inner = isList ? lists + 1 : lists;
    const around = isList ? maps : maps + 1;
    looks += items.length * (2 ** Math.max(0, inner - 1) * (1 + 2 * around) - 1);
    if (looks > mostLooks)
      refuse(
        "The parameters hold too many values in lists and maps within others; send fewer, or flatter ones.",
      );
    for (const item of items) {
      if (typeof item === "object" && item !== null && isContainer(item))
        visit(item, level + 1, inner, around);
      if (typeof item === "bigint" && (item > largest || item < -largest - 1n))
        refuse("A parameter holds an integer beyond INT128; send it as a string.");
    }
  };
  // The parameters themselves are no map of the engine's.
  visit(parameters, 0, 0, -1);
  return values;
}

/** Dates and bytes are values. */
const isContainer = (value: object): boolean =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
