import type { Env } from "./env.js";

/** What one client may cost the service: variable, default and the words of `daguerre config`. */
const table = {
  bodyBytes: ["DAGUERRE_MAX_BODY_BYTES", 1024 * 1024, "largest GraphQL request, over HTTP or socket"],
  queryBodyBytes: ["DAGUERRE_MAX_QUERY_BODY_BYTES", 16 * 1024 * 1024, "largest request of the Query API"],
} as const satisfies Record<string, readonly [variable: string, preset: number, meaning: string]>;

type Name = keyof typeof table;
export type Limits = { readonly [N in Name]: number };

const names = Object.keys(table) as Name[];

export const defaultLimits = Object.fromEntries(names.map((name) => [name, table[name][1]])) as Limits;

/** Throws what `refuse` makes of a variable that is no whole number from 1 to 2^40. */
export function readLimits(env: Env, refuse: (message: string) => Error): Limits {
  const read = (name: Name): number => {
    const [variable, preset] = table[name];
    const text = env[variable]?.trim();
    if (!text) return preset;
    const value = Number(text);
    if (!/^\d{1,13}$/.test(text) || value < 1 || value > 2 ** 40)
      throw refuse(`${variable} makes no sense: set it to a whole number of at least 1, such as ${preset}`);
    return value;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Limits;
}

export const describeLimits = (limits: Limits) =>
  names.map((name) => {
    const [variable, preset, meaning] = table[name];
    return { name: variable, value: String(limits[name]), default: String(preset), meaning };
  });
