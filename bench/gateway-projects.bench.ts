import type { Bench, BenchContext, Report } from "./bench.ts";
import { type CompareOptions, ratiosOf, withArena } from "./gateway/compare.ts";
import { questions } from "./gateway/questions.ts";
import { measureManyProjects } from "./gateway/scaling.ts";
import { median, spread } from "./statistics.ts";

const asked = questions.filter(({ name }) => ["Q1", "Q2", "Q3"].includes(name));

/** What one project's requests gain by sharing statements: the same questions asked by all projects in turn. */
async function run({ quick, directory, log }: BenchContext): Promise<Report> {
  const options: CompareOptions = {
    ...{ directory, log, firstPort: 4850, connections: 32, only: ["daguerre"] },
    ...(quick ? { times: 0.1, rounds: 3, seconds: 2 } : { times: 1, rounds: 7, seconds: 4 }),
  };
  return withArena(options, async (arena) => {
    const { projects } = arena.scale;
    const rows: string[][] = [];
    for (const question of asked) {
      log(`${question.name} asked by ${projects} projects`);
      const { one, many } = await measureManyProjects(arena, question, options.rounds);
      const both = (pick: (sample: (typeof one)[number]) => number) =>
        [one, many].map((samples) => median(samples.map(pick)).toFixed(0)).join(", ");
      rows.push([
        question.name,
        spread(ratiosOf(many, one)),
        both((sample) => sample.requestsPerSecond),
        both((sample) => sample.cpuUs),
        both((sample) => sample.databaseCpuUs),
      ]);
    }
    return {
      columns: [
        "",
        "of one project's throughput (quartiles)",
        "requests/s: one, all",
        "its CPU µs/request: one, all",
        "Postgres's CPU µs/request: one, all",
      ],
      rows,
      notes: [
        `The questions and the data of the bench above, asked by one project and by ${projects} in turn, each with its own key, ${options.rounds} rounds. At any time the 32 connections ask for different projects, but for chance.`,
      ],
    };
  });
}

const bench: Bench = { title: "The gateway, asked by many projects in turn", run };
export default bench;
