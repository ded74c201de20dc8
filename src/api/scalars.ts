import { GraphQLScalarType, Kind } from "graphql";
import { GraphQLJSON, GraphQLSafeInt, GraphQLURL } from "graphql-scalars";
import { badInput } from "./bad-input.js";

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** What RFC 3339 can spell, Postgres holds and everyone reads alike: the offset may lead out of it. */
const earliest = Date.parse("0001-01-01T00:00:00.000Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

function parse(value: unknown): Date {
  const date = typeof value === "string" && rfc3339.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime()))
    throw badInput("Give an instant in RFC 3339, such as 2026-01-31T12:00:00.000Z.");
  if (date.getTime() < earliest || date.getTime() > latest)
    throw badInput("Give an instant of the years 0001 to 9999, in UTC.");
  return date;
}

const dayMs = 86_400_000;
const mostDays = 1000;
const days = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

function spellDay(day: number): string {
  const known = days.get(day);
  if (known) return known;
  if (days.size >= mostDays) days.clear();
  const spelled = new Date(day * dayMs).toISOString().slice(0, -"00:00:00.000Z".length);
  days.set(day, spelled);
  return spelled;
}

/** As `toISOString` has it, in a third of the time: a page spells a hundred instants, and those of a few days. */
export function spellInstant(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / dayMs);
  const inDay = ms - day * dayMs;
  const hours = twoDigits[Math.floor(inDay / 3_600_000)];
  const minutes = twoDigits[Math.floor(inDay / 60_000) % 60];
  const seconds = twoDigits[Math.floor(inDay / 1000) % 60];
  return `${spellDay(day)}${hours}:${minutes}:${seconds}.${String(inDay % 1000).padStart(3, "0")}Z`;
}

/** What is reckoned from instants may lie beyond them, such as the end of a window: RFC 3339 has no year 10000. */
const within = (date: Date): Date => (date.getTime() > latest ? new Date(latest) : date);

/** Instants: Dates inside, RFC 3339 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "An instant in RFC 3339, of the years 0001 to 9999 in UTC; answers are in UTC with milliseconds.",
  serialize: (value) => spellInstant(value instanceof Date ? within(value) : parse(value)),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
export const SafeInt = GraphQLSafeInt;
export const Url = GraphQLURL;
export const Json = GraphQLJSON;
