import { writeFile } from "node:fs/promises";
import type { Bench, BenchContext, Figure, Report } from "./bench.ts";
import {
  compare,
  ratiosOf,
  withArena,
  type CompareOptions,
  type Results,
  type Sample,
} from "./gateway/compare.ts";
import { guard } from "./gateway/guard.ts";
import { plot, type Bar } from "./gateway/plot.ts";
import { measureColdStarts, measureTwoProcesses } from "./gateway/scaling.ts";
import { measureWrites, takeSnapshot } from "./gateway/writes.ts";
import { formatReport } from "./performance-page.ts";
import { median, spread } from "./statistics.ts";

const floor = "floor";
const firstPort = 4800;
const connections = 32;

async function run(context: BenchContext): Promise<Report> {
  const { quick, directory, log } = context;
  const options: CompareOptions = { directory, log, connections, firstPort, times: 1, rounds: 7, seconds: 4 };
  if (quick) return guard(options);

  const measured = await withArena(options, async (arena) => {
    const results = await compare(arena, options);
    log(`${takeSnapshot.name}: ${takeSnapshot.title}`);
    results.set(takeSnapshot, await measureWrites(arena, options.rounds));
    log("Q2 with two processes");
    const processes = await measureTwoProcesses(arena, options.rounds, connections, firstPort + 10);
    log("cold starts");
    return { results, processes, starts: await measureColdStarts(arena, 7, firstPort + 11) };
  });
  const { rows, bars, figures } = tabulate(measured.results);
  await writeFile(new URL("../docs/gateway.svg", import.meta.url), plot(bars));
  return {
    columns,
    rows,
    notes: [
      [...measured.results.keys()].map(({ name, title }) => `**${name}**: ${title}.`).join(" "),
      `50 projects, 2,000 instances, 500,000 snapshots; ${connections} connections; load generator, contestant and Postgres share the machine. Rounds are interleaved, and each ratio is taken within its round. All answer the same \`data\`, which is checked first for three asks of each question (cursors by their length; PostGraphile, whose schema has names of its own, the same number of rows, Q4 by 100 aliases), and under load looked through for errors; of M1 the rows that were written are counted, those of the audit log too. All is asked by one key, of the 40 instances of its project: requests of one project share statements in Daguerre; what that is worth is told in the next table. Daguerre has keys, roles, scope, row-level security, limits, cost and metrics on, and tells the cost beside; the others have none of these. Pools have 10 connections; Daguerre has two lanes that requests share besides, and a pool for its own work.`,
      "![Throughput, of the floor's](gateway.svg)",
      formatReport({
        columns: ["of Daguerre alone", "measured", "aim"],
        rows: scaling(measured),
        notes: [],
      }),
    ],
    figures: [
      ...figures,
      {
        what: "two processes, Q2, of one's throughput",
        measured: median(ratiosOf(measured.processes.two, measured.processes.one)),
        aim: { atLeast: 1.6 },
      },
      { what: "cold start, s", measured: median(measured.starts) / 1000, aim: { atMost: 1.5 } },
    ],
  };
}

const columns = [
  "",
  "contestant",
  "of the floor's throughput (quartiles)",
  "requests/s",
  "p50 ms",
  "p99 ms",
  "p99, of the floor's",
  "its CPU µs/request",
  "Postgres's CPU µs/request",
];

/** What Daguerre is to reach at each question that has an aim, of others' throughput. */
const aims = { floor: 0.9, mercurius: 1, yoga: 3, postgraphile: 3, naive: 4 };

function tabulate(results: Results): { rows: string[][]; bars: Bar[]; figures: Figure[] } {
  const rows: string[][] = [];
  const bars: Bar[] = [];
  const figures: Figure[] = [];
  for (const [question, samples] of results) {
    const floors = samples.get(floor)!;
    for (const [name, own] of samples) {
      const ratios = ratiosOf(own, floors);
      bars.push({ group: `${question.name}: ${question.title}`, name, value: median(ratios) });
      const of = (pick: (sample: Sample) => number) => median(own.map(pick)).toFixed(0);
      rows.push([
        question.name,
        name,
        spread(ratios),
        of((sample) => sample.requestsPerSecond),
        of((sample) => sample.p50Ms),
        of((sample) => sample.p99Ms),
        median(own.map((sample, round) => sample.p99Ms / floors[round]!.p99Ms)).toFixed(2),
        of((sample) => sample.cpuUs),
        of((sample) => sample.databaseCpuUs),
      ]);
    }
    if (question.name === takeSnapshot.name) continue;
    const ours = samples.get("daguerre")!;
    for (const [other, atLeast] of Object.entries(aims))
      figures.push({
        what: `${question.name}, of ${other}'s throughput`,
        measured: median(ratiosOf(ours, samples.get(other)!)),
        aim: { atLeast },
      });
    figures.push({
      what: `${question.name}, of the floor's p99`,
      measured: median(ours.map((sample, round) => sample.p99Ms / floors[round]!.p99Ms)),
      aim: { atMost: 1.5 },
    });
  }
  return { rows, bars, figures };
}

function scaling({
  processes,
  starts,
}: {
  readonly processes: { readonly one: Sample[]; readonly two: Sample[] };
  readonly starts: number[];
}): string[][] {
  const each = (pick: (sample: Sample) => number) => median(processes.two.map(pick));
  const inAll = each((sample) => sample.cpuUs + sample.databaseCpuUs + sample.loadCpuUs);
  return [
    ["two processes, Q2, of one's throughput", spread(ratiosOf(processes.two, processes.one)), "1.6"],
    [
      "what limits them: CPU µs/request of services, Postgres and load generator, and what two processors could do with it",
      `${each((sample) => sample.cpuUs).toFixed(0)} + ${each((sample) => sample.databaseCpuUs).toFixed(0)} + ${each((sample) => sample.loadCpuUs).toFixed(0)}: ${(2e6 / inAll).toFixed(0)}/s; ${each((sample) => sample.requestsPerSecond).toFixed(0)}/s seen`,
      "",
    ],
    ["cold start to the first answer, database and V8's cache warm, ms", spread(starts, 0), "1500"],
  ];
}

const bench: Bench = { title: "The gateway beside its peers", run };
export default bench;
