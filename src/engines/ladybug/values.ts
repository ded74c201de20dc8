/**
 * Ladybug's values as the contract words them. What a value is cannot be seen from it alone (a DATE and a TIMESTAMP
 * are both a Date, an INTERVAL is a number), so it is read by its type.
 */
export interface ValueType {
  readonly name: string;
  /** LIST: the element. STRUCT: the fields. MAP: key and value. */
  readonly inner: readonly { readonly name: string; readonly type: ValueType }[];
}

/** The types of a table's properties, by their names. */
export type Schema = ReadonlyMap<string, ValueType>;

/** Reads a type as Ladybug writes it, e.g. `STRUCT(a INT64, b DATE[])[3]`. */
export function parseType(text: string): ValueType {
  const list = /^(.*)\[\d*\]$/s.exec(text);
  if (list) return { name: "LIST", inner: [{ name: "", type: parseType(list[1] ?? "") }] };
  const call = /^([A-Z0-9_]+)\s*\((.*)\)$/s.exec(text);
  if (!call) return { name: text, inner: [] };
  const [, name = "", inside = ""] = call;
  const pieces = splitAtCommas(inside);
  if (name === "STRUCT") {
    const fields = pieces.map((piece) => {
      const [, field = "", type = ""] = /^(`(?:``|[^`])*`|\S+)\s+(.*)$/s.exec(piece) ?? [];
      return { name: field.replace(/^`(.*)`$/s, "$1"), type: parseType(type) };
    });
    return { name, inner: fields };
  }
  if (name === "MAP") return { name, inner: pieces.map((piece) => ({ name: "", type: parseType(piece) })) };
  return { name, inner: [] };
}

function splitAtCommas(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (text[at] === "," && depth === 0) {
      pieces.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...pieces, text.slice(from).trim()];
}

/** Thrown where the engine's library has already rounded what it gave. */
export class InexactValue extends Error {
  readonly code = "LIMIT";
  constructor() {
    super(
      "The answer holds an integer beyond 2^53, which this engine gives exactly only as CAST(… AS INT128) or CAST(… AS STRING).",
    );
  }
}

interface InternalId {
  readonly table: number;
  readonly offset: number;
}
const idOf = (id: unknown): string => {
  const { table, offset } = id as InternalId;
  return `${table}:${offset}`;
};

/** Of 86,400,000: P1D. Ladybug gives no more than milliseconds, with months as 30 days. */
function durationOf(milliseconds: number): string {
  const sign = milliseconds < 0 ? "-" : "";
  const whole = Math.abs(milliseconds);
  const days = Math.floor(whole / 86_400_000);
  const hours = Math.floor(whole / 3_600_000) % 24;
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = (whole % 60_000) / 1000;
  const part = (amount: number, unit: string) => (amount ? `${sign}${amount}${unit}` : "");
  const time = part(hours, "H") + part(minutes, "M") + part(seconds, "S");
  return `P${part(days, "D")}${time && `T${time}`}`.replace(/^P$/, "PT0S");
}

/** `schemaOf` gives the types of a label's or relationship type's properties. */
export function toValue(value: unknown, type: ValueType, schemaOf: (table: string) => Schema): unknown {
  const convert = (inner: unknown, innerType: ValueType | undefined): unknown =>
    toValue(inner, innerType ?? { name: "", inner: [] }, schemaOf);
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => convert(item, type.inner[0]?.type));
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (value instanceof Date) return textOf(value, type.name);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "number") {
    if (type.name === "INTERVAL") return durationOf(value);
    if (!Number.isFinite(value)) return String(value);
    if (/^(U?INT64|SERIAL)$/.test(type.name) && !Number.isSafeInteger(value)) throw new InexactValue();
    return value;
  }
  if (typeof value !== "object") return value;
  const fields = new Map<string, unknown>(
    value instanceof Map
      ? [...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), item])
      : Object.entries(value),
  );
  switch (type.name) {
    case "INTERNAL_ID":
      return idOf(value);
    case "NODE":
    case "REL":
      return graphValueOf(fields, schemaOf);
    case "RECURSIVE_REL":
      return pathOf(fields, schemaOf);
    case "MAP":
      return Object.fromEntries([...fields].map(([key, item]) => [key, convert(item, type.inner[1]?.type)]));
    default: {
      const typeOf = new Map(type.inner.map(({ name, type: inner }) => [name, inner]));
      return Object.fromEntries([...fields].map(([key, item]) => [key, convert(item, typeOf.get(key))]));
    }
  }
}

function textOf(date: Date, type: string): string {
  const text = date.toISOString();
  if (type === "DATE") return text.slice(0, text.indexOf("T"));
  return type === "TIMESTAMP_TZ" ? text : text.slice(0, -1);
}

function graphValueOf(fields: Map<string, unknown>, schemaOf: (table: string) => Schema): object {
  const label = fields.get("_label") as string;
  const schema = schemaOf(label);
  const properties: Record<string, unknown> = {};
  for (const [key, item] of fields) {
    // Ladybug lists the properties of other labels too, as null.
    if (/^_(id|label|src|dst)$/.test(key) || item === null) continue;
    properties[key] = toValue(item, schema.get(key) ?? { name: "", inner: [] }, schemaOf);
  }
  const id = fields.get("_id");
  const elementId = id ? idOf(id) : "";
  if (!fields.has("_src")) return { elementId, labels: [label], properties };
  return {
    elementId,
    startNodeElementId: idOf(fields.get("_src")),
    endNodeElementId: idOf(fields.get("_dst")),
    type: label,
    properties,
  };
}

/** A path alternates; the variable of a pattern of many steps is the list of its relationships. */
function pathOf(fields: Map<string, unknown>, schemaOf: (table: string) => Schema): object[] {
  const all = (key: string) =>
    ((fields.get(key) ?? []) as object[]).map((item) =>
      graphValueOf(new Map<string, unknown>(Object.entries(item)), schemaOf),
    );
  const nodes = all("_nodes");
  const relationships = all("_rels");
  if (nodes.length !== relationships.length + 1) return relationships;
  return nodes.flatMap((node, index) => [node, ...relationships.slice(index, index + 1)]);
}
