import { EngineError, type Statement } from "../../../src/engines/engine.js";
import type { Records } from "./records.js";

type Rows = readonly (readonly unknown[])[];
export interface Command {
  readonly writes: boolean;
  readonly fields: readonly string[];
  /** Nothing where the statement never ends by itself. */
  readonly run?: (records: Records) => Rows;
}

const ordered = (records: Records) => [...records.numbers].sort(([a], [b]) => a - b);

/** Checked as a whole before anything changes. */
function added(records: Records, rows: unknown): [id: number, n: number][] {
  if (!Array.isArray(rows)) throw new EngineError("PARAMETER", "ADD wants $records, a list of {id, n}.");
  const found = new Map<number, number>();
  for (const { id, n } of rows as { id: number; n: number }[]) {
    if (records.numbers.has(id) || found.has(id))
      throw new EngineError("CONSTRAINT", `There is a record ${id} already.`);
    found.set(id, n);
  }
  return [...found];
}

/** The engine's whole language. What is not in it is SYNTAX. */
export function commandOf({ text, parameters = {} }: Statement): Command {
  switch (text) {
    case "ADD":
    case "ADD AND LIST":
      return {
        writes: true,
        fields: text === "ADD" ? [] : ["id", "n"],
        run: (records) => {
          for (const [id, n] of added(records, parameters["records"])) records.set(id, n);
          return text === "ADD" ? [] : ordered(records);
        },
      };
    case "INCREMENT ALL":
      return {
        writes: true,
        fields: [],
        run: (records) => {
          for (const [id, n] of records.numbers) records.set(id, n + 1);
          return [];
        },
      };
    case "REMOVE":
      return {
        writes: true,
        fields: [],
        run: (records) => {
          records.delete(Number(parameters["id"]));
          return [];
        },
      };
    case "LIST":
      return { writes: false, fields: ["id", "n"], run: ordered };
    case "COUNT":
      return { writes: false, fields: ["count"], run: (records) => [[records.numbers.size]] };
    case "WAIT":
      return { writes: false, fields: [] };
    case "WAIT AND WRITE":
      return { writes: true, fields: [] };
    case "DIVIDE BY ZERO":
      throw new EngineError("EVALUATION", "There is nothing to divide by.");
    case "LOAD FILE":
      throw new EngineError("FORBIDDEN_STATEMENT", "LOAD FILE is not allowed here.");
    default:
      throw new EngineError("SYNTAX", `Unknown statement: ${text}`);
  }
}
