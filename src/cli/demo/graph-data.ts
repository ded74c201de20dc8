import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CommandFailure } from "../failure.js";

export interface Airport {
  iata: string;
  name: string;
  city: string;
  state: string;
  latitude: number;
  longitude: number;
}
export interface Flight {
  origin: string;
  destination: string;
  count: number;
}

/** Airports and the flights between them in one year, from the npm package vega-datasets. */
export function readGraphData(): { airports: Airport[]; flights: Flight[] } {
  const folder = findDataFolder();
  const airports = readCsv(join(folder, "airports.csv")).map((row) => ({
    iata: row.iata ?? "",
    name: row.name ?? "",
    city: row.city ?? "",
    state: row.state ?? "",
    latitude: Number(row.latitude),
    longitude: Number(row.longitude),
  }));
  const known = new Set(airports.map((airport) => airport.iata));
  const flights = readCsv(join(folder, "flights-airport.csv"))
    .map((row) => ({
      origin: row.origin ?? "",
      destination: row.destination ?? "",
      count: Number(row.count),
    }))
    .filter((flight) => known.has(flight.origin) && known.has(flight.destination));
  return { airports, flights };
}

function findDataFolder(): string {
  for (const base of createRequire(import.meta.url).resolve.paths("vega-datasets") ?? []) {
    const folder = join(base, "vega-datasets", "data");
    if (existsSync(join(folder, "airports.csv"))) return folder;
  }
  throw new CommandFailure(
    "the demo's data is not installed; run 'npm install vega-datasets@3.2.1' in this folder",
  );
}

function readCsv(path: string): Record<string, string>[] {
  const [header = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = splitLine(header);
  return lines.map((line) => {
    const cells = splitLine(line);
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""]));
  });
}

const splitLine = (line: string) =>
  [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)]
    .filter((match, index) => match[0] !== "" || index === 0)
    .map((match) => (match[1] ?? "").replace(/^"|"$/g, "").replaceAll('""', '"'));
