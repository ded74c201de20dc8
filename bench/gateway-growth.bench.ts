import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { toGlobalId } from "../dist/ids.js";
import type { Bench, BenchContext, Report } from "./bench.ts";
import { bodiesOf, type Arena, type CompareOptions, withArena } from "./gateway/compare.ts";
import { questions } from "./gateway/questions.ts";
import { median, spread } from "./statistics.ts";

const ours = "daguerre";
const tab = questions.find(({ name }) => name === "Q2")!;

/** The snapshots tab over one database and over another with ten times its rows, in turn: both services and both Postgres are up. */
async function run({ quick, directory, log }: BenchContext): Promise<Report> {
  const [few, many] = quick ? ([0.1, 1] as const) : ([1, 10] as const);
  const rounds = quick ? 3 : 15;
  const optionsOf = async (times: number, firstPort: number): Promise<CompareOptions> => {
    const own = join(directory, `times-${times}`);
    await mkdir(own);
    return {
      ...{ times, firstPort, log, rounds },
      directory: own,
      only: [ours],
      connections: 32,
      seconds: 4,
    };
  };
  const [small, large] = [await optionsOf(few, 4830), await optionsOf(many, 4840)];
  const samples = await withArena(small, (less) => withArena(large, (more) => inTurn([less, more], rounds)));
  const [before, after] = samples as [number[], number[]];
  const ratios = after.map((ms, round) => ms / before[round]!);
  const snapshotsOf = (times: number) => (times * 500_000).toLocaleString("en");
  return {
    columns: ["Q2 at 32 connections", "ms a request, median", "of the first's time (quartiles)", "aim"],
    rows: [
      [`${snapshotsOf(few)} snapshots`, median(before).toFixed(2), "1.00", ""],
      [`${snapshotsOf(many)} snapshots`, median(after).toFixed(2), spread(ratios), "at most 1.2"],
    ],
    notes: [
      `Q2 of the bench above, of each size in turn, ${rounds} rounds; the ratio is taken within its round. The time is the reciprocal of the throughput, so all of the machine's is in it.`,
    ],
    figures: [{ what: "Q2's time, of a tenth of the rows", measured: median(ratios), aim: { atMost: 1.2 } }],
  };
}

/** Milliseconds of each request, by arena and round. */
async function inTurn(arenas: readonly Arena[], rounds: number): Promise<number[][]> {
  const targets = arenas.map(({ running: [one], scale }) => [
    { one: one!, bodies: bodiesOf(one!, tab, tab.asks(scale, toGlobalId)) },
  ]);
  const taken: number[][] = arenas.map(() => []);
  for (let round = -1; round < rounds; round++)
    for (const [index, arena] of arenas.entries()) {
      const { requestsPerSecond } = await arena.measure(targets[index]!, round < 0);
      if (round >= 0) taken[index]!.push(1000 / requestsPerSecond);
    }
  return taken;
}

const bench: Bench = { title: "The Snapshots tab at ten times the rows", run };
export default bench;
