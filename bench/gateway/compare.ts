import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../../dist/db/embedded-postgres.js";
import { migrateDatabase } from "../../dist/db/migrate.js";
import { toGlobalId } from "../../dist/ids.js";
import { contestants, cpuSeconds, familyCpuSeconds, start, type Running } from "./contestants.ts";
import { questions, type Ask, type Question } from "./questions.ts";
import { scaleOf, seed } from "./seed.ts";

const key = "dag_bench";
const here = new URL(".", import.meta.url);

export interface CompareOptions {
  readonly directory: string;
  readonly log: (line: string) => void;
  readonly only?: readonly string[];
  readonly questions?: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** 1: 500,000 snapshots. */
  readonly times: number;
}

/** What one contestant did in one round of one question. */
export interface Sample {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly databaseCpuUs: number;
}

export type Results = Map<Question, Map<string, Sample[]>>;

interface Autocannon {
  (options: object): Promise<{
    requests: { total: number };
    latency: { p50: number; p99: number };
    duration: number;
    errors: number;
    non2xx: number;
  }>;
}

/** Every contestant, question by question, in interleaved rounds on one machine. Throws where answers differ. */
export async function compare(options: CompareOptions): Promise<Results> {
  installPeers();
  const autocannon = createRequire(new URL("package.json", here))("autocannon") as Autocannon;
  const { directory, log } = options;
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "postgres") });
  const running: Running[] = [];
  try {
    const scale = scaleOf(options.times);
    await migrateDatabase(postgres.url);
    const sha256 = createHash("sha256").update(key).digest("hex");
    await seed(postgres.url, scale, new Date(), sha256);
    await runFile(postgres.url, "postgraphile.sql");
    const env = { DATABASE_URL: postgres.url, DAGUERRE_HOME: join(directory, "home") };
    const chosen = contestants.filter(({ name }) => !options.only || options.only.includes(name));
    for (const [index, contestant] of chosen.entries())
      running.push(await start(contestant, 4800 + index, env));
    const postmaster = Number(
      readFileSync(join(directory, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[0],
    );
    const results: Results = new Map();
    for (const question of questions) {
      if (options.questions && !options.questions.includes(question.name)) continue;
      const asks = question.asks(scale, toGlobalId);
      await compareAnswers(running, question, asks);
      const samples = new Map<string, Sample[]>(running.map(({ contestant }) => [contestant.name, []]));
      for (let round = -1; round < options.rounds; round++) {
        log(
          `${question.name}: ${question.title}, ${round < 0 ? "warming up" : `round ${round + 1} of ${options.rounds}`}`,
        );
        for (const one of running) {
          const sample = await measure(one, question, asks, postmaster, options, autocannon, round < 0);
          if (round >= 0) samples.get(one.contestant.name)!.push(sample);
        }
      }
      results.set(question, samples);
    }
    return results;
  } finally {
    for (const one of running) await one.stop();
    await postgres.stop();
  }
}

async function measure(
  { contestant, url, pid }: Running,
  question: Question,
  asks: readonly Ask[],
  postmaster: number,
  options: CompareOptions,
  autocannon: Autocannon,
  warmUp: boolean,
): Promise<Sample> {
  const before = { own: cpuSeconds(pid), database: familyCpuSeconds(postmaster) };
  const result = await autocannon({
    url,
    connections: options.connections,
    duration: warmUp ? 2 : options.seconds,
    requests: asks.map((ask) => ({ method: "POST", headers, body: bodyOf(contestant.ask, question, ask) })),
  });
  if (result.errors > 0 || result.non2xx > 0)
    throw new Error(`${contestant.name} failed ${result.errors + result.non2xx} times at ${question.name}`);
  const perRequest = (seconds: number) => (seconds * 1e6) / result.requests.total;
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuUs: perRequest(cpuSeconds(pid) - before.own),
    databaseCpuUs: perRequest(familyCpuSeconds(postmaster) - before.database),
  };
}

const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };

const bodyOf = (words: Running["contestant"]["ask"], question: Question, ask: Ask) =>
  JSON.stringify({
    ...(words?.(question, ask) ?? { query: question.document, variables: ask.variables }),
    operationName: question.name,
  });

/** Every contestant must answer the floor's bytes; who has words of its own, the same rows in the same order. */
async function compareAnswers(running: readonly Running[], question: Question, asks: readonly Ask[]) {
  for (const ask of asks.slice(0, 3)) {
    let expected: { bytes: string; rows: number } | undefined;
    for (const { contestant, url } of running) {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: bodyOf(contestant.ask, question, ask),
      });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
      // Cursors are opaque: who makes them may make them differently, of the same length.
      const bytes = JSON.stringify({ data }).replace(
        /(ursor":")([^"]+)/g,
        (_, name, cursor: string) => `${name}${cursor.length}`,
      );
      expected ??= { bytes, rows: countRows(bytes) };
      const same = contestant.ask ? countRows(bytes) === expected.rows : bytes === expected.bytes;
      if (errors || !same) {
        const at = [...bytes].findIndex((character, index) => character !== expected?.bytes[index]);
        const [its, floors] = [bytes, expected.bytes].map((text) =>
          text.slice(Math.max(0, at - 100), at + 100),
        );
        throw new Error(
          `${contestant.name} answers ${question.name} differently: ${JSON.stringify(errors) ?? `${its} instead of ${floors}`}`,
        );
      }
    }
  }
}

const countRows = (bytes: string) => bytes.split('"id":').length - 1;

function installPeers(): void {
  if (existsSync(new URL("node_modules/autocannon", here))) return;
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: here,
    stdio: "inherit",
  });
  if (result.status !== 0) throw new Error("the peers of the gateway bench could not be installed");
}

async function runFile(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(readFileSync(new URL(name, here), "utf8"));
  await client.end();
}
