import { writeFile } from "node:fs/promises";
import type { Bench, BenchContext, Report } from "./bench.ts";
import { compare, type Sample } from "./gateway/compare.ts";
import { plot } from "./gateway/plot.ts";
import { questions, type Question } from "./gateway/questions.ts";
import { median, spread } from "./statistics.ts";

const floor = "floor";
const ours = "daguerre";

async function run({ quick, directory, log }: BenchContext): Promise<Report> {
  const results = await compare({
    directory,
    log,
    connections: 32,
    times: 1,
    ...(quick
      ? { only: [floor, ours, "mercurius", "naive"], questions: ["Q2"], rounds: 5, seconds: 2 }
      : { rounds: 7, seconds: 4 }),
  });
  const rows: string[][] = [];
  const bars: { group: string; name: string; value: number }[] = [];
  for (const [question, samples] of results) {
    const floors = samples.get(floor)!;
    for (const [name, own] of samples) {
      const ratios = own.map((sample, round) => sample.requestsPerSecond / floors[round]!.requestsPerSecond);
      bars.push({ group: `${question.name}: ${question.title}`, name, value: median(ratios) });
      const of = (pick: (sample: Sample) => number, digits = 0) => median(own.map(pick)).toFixed(digits);
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
    if (quick) refuseToFallBehind(question, samples);
  }
  if (!quick) await writeFile(new URL("../docs/gateway.svg", import.meta.url), plot(bars));
  return {
    columns: [
      "",
      "contestant",
      "of the floor's throughput (quartiles)",
      "requests/s",
      "p50 ms",
      "p99 ms",
      "p99, of the floor's",
      "its CPU µs/request",
      "Postgres's CPU µs/request",
    ],
    rows,
    notes: [
      ...questions
        .filter((question) => results.has(question))
        .map(({ name, title }) => `**${name}**: ${title}.`),
      "50 projects, 2,000 instances, 500,000 snapshots; 32 connections; load generator, contestant and Postgres share the machine. Rounds are interleaved, and each ratio is taken within its round. All answer the same bytes, which is checked first (PostGraphile, whose schema has names of its own, the same rows). Daguerre has keys, roles, scope, row-level security, limits and metrics on; the others have none of these.",
      ...(quick ? [] : ["![Throughput, of the floor's](gateway.svg)"]),
    ],
  };
}

/** The short form is a guard: it fails where the fast path has been lost. */
function refuseToFallBehind(question: Question, samples: ReadonlyMap<string, readonly Sample[]>): void {
  const rate = (name: string) => median(samples.get(name)!.map((sample) => sample.requestsPerSecond));
  const behind = rate(ours) / rate("mercurius");
  const ahead = rate(ours) / rate("naive");
  if (behind < 1)
    throw new Error(`${question.name}: ${behind.toFixed(2)} of Mercurius's throughput; at least 1`);
  if (ahead < 3) throw new Error(`${question.name}: ${ahead.toFixed(2)} times the naive stack's; at least 3`);
}

const bench: Bench = { title: "The gateway beside its peers", run };
export default bench;
