import { createHash } from "node:crypto";
import { CommandFailure } from "../failure.js";
import type { QueryAnswer } from "./gateway-client.js";

export interface Fingerprint {
  readonly airports: number;
  readonly flights: number;
  /** SHA-256 over every node and relationship, in the order of their keys. */
  readonly digest: string;
}

export const nodesStatement =
  "MATCH (a:Airport) RETURN a.iata, a.name, a.city, a.state, a.latitude, a.longitude ORDER BY a.iata";
export const flightsStatement =
  "MATCH (a:Airport)-[f:Flight]->(b:Airport) RETURN a.iata, b.iata, f.count ORDER BY a.iata, b.iata, f.count";

/** Reads the whole graph by queries, wherever it is served from. */
export async function takeFingerprint(
  query: (statement: string) => Promise<QueryAnswer>,
): Promise<Fingerprint> {
  const airports = await query(nodesStatement);
  const flights = await query(flightsStatement);
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);
  const digest = createHash("sha256")
    .update(JSON.stringify([airports.values, flights.values], plain))
    .digest("hex");
  return { airports: airports.values.length, flights: flights.values.length, digest };
}

/** Throws, naming the comparison, unless the two are as they should be. */
export function compareFingerprints(
  what: string,
  expected: Fingerprint,
  found: Fingerprint,
  want: "same" | "other",
): void {
  if ((expected.digest === found.digest) !== (want === "same")) {
    const show = (print: Fingerprint) =>
      `${print.airports} airports, ${print.flights} flights, ${print.digest.slice(0, 12)}`;
    throw new CommandFailure(
      `comparison failed: ${what}: expected ${want} as ${show(expected)}; found ${show(found)}`,
    );
  }
  console.log(
    `  ✓ ${what} (${found.airports} airports, ${found.flights} flights, ${found.digest.slice(0, 12)}…)`,
  );
}
