import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "../../dist/db/embedded-postgres.js";
import { migrateDatabase } from "../../dist/db/migrate.js";
import { toGlobalId } from "../../dist/ids.js";
import { contestants, cpuSeconds, familyCpuSeconds, start, type Running } from "./contestants.ts";
import { questions, type Ask, type Question } from "./questions.ts";
import { benchKey, placeHome, scaleOf, seed, type Scale } from "./seed.ts";

const here = new URL(".", import.meta.url);

/** A connection's own round of requests: each of them is made before the first is sent, while the time runs. */
const mostOfConnection = 64;

export interface CompareOptions {
  /** One that an earlier run has filled is used as it is. */
  readonly directory: string;
  readonly log: (line: string) => void;
  readonly only?: readonly string[];
  readonly questions?: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Contestants listen from here on. */
  readonly firstPort: number;
  /** 1: 500,000 snapshots. */
  readonly times: number;
  /** What Node itself is told when it starts a contestant. */
  readonly nodeOptions?: (name: string) => readonly string[];
}

/** What one contestant did in one round of one question. */
export interface Sample {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly databaseCpuUs: number;
  /** Of the load generator, which has to live on the same processors. */
  readonly loadCpuUs: number;
}

/** Throughputs, each in another's of its own round. */
export const ratiosOf = (samples: readonly Sample[], others: readonly Sample[]): number[] =>
  samples.map((sample, round) => sample.requestsPerSecond / others[round]!.requestsPerSecond);

export type Results = Map<Question, Map<string, Sample[]>>;

interface Autocannon {
  (options: object): Promise<{
    requests: { total: number };
    latency: { p50: number; p99: number };
    duration: number;
    errors: number;
    mismatches: number;
    non2xx: number;
  }>;
}

/** One of its connections. */
interface Client {
  setRequests(requests: object[]): void;
  on(event: "response", hear: () => void): void;
}

/** The contestants, started over one filled database, and what it takes to put them under load. */
export interface Arena {
  readonly running: readonly Running[];
  readonly scale: Scale;
  readonly databaseUrl: string;
  readonly env: NodeJS.ProcessEnv;
  start(name: string, port: number): Promise<Running>;
  /** One contestant under load; `warmUp` tells only that it must not count. */
  measure(targets: readonly Target[], warmUp?: boolean): Promise<Sample>;
}

/** Where requests go, and which: in turn for `seconds`, or until `amount` of them have been answered. */
export interface Target {
  readonly one: Running;
  readonly bodies: readonly string[];
  /** One for all, or one for each body. */
  readonly key?: string | readonly string[];
  readonly connections?: number;
  readonly amount?: number;
}

/** Starts the contestants over a database of their own, and stops them after `work`. */
export async function withArena<Result>(
  options: CompareOptions,
  work: (arena: Arena) => Promise<Result>,
): Promise<Result> {
  installPeers();
  const autocannon = createRequire(new URL("package.json", here))("autocannon") as Autocannon;
  const { directory } = options;
  const seeded = existsSync(join(directory, "postgres", "data"));
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "postgres") });
  const running: Running[] = [];
  try {
    const scale = scaleOf(options.times);
    await migrateDatabase(postgres.url);
    if (!seeded) {
      options.log(
        `filling the database with ${scale.projects * scale.instancesPerProject * scale.snapshotsPerInstance} snapshots`,
      );
      await seed(postgres.url, scale, new Date());
      await runFile(postgres.url, "postgraphile.sql");
    }
    const home = join(directory, "home");
    const { policyFile } = await placeHome(home);
    const env = {
      DATABASE_URL: postgres.url,
      DAGUERRE_HOME: home,
      DAGUERRE_POLICY_FILE: policyFile,
      // The buckets work as ever; one key alone must be able to ask all that the bench asks.
      DAGUERRE_BUCKET_POINTS: String(2 ** 40),
      DAGUERRE_BUCKET_POINTS_PER_SECOND: String(2 ** 40),
    };
    const postmaster = Number(
      readFileSync(join(directory, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[0],
    );
    const begin = async (name: string, port: number) => {
      const contestant = contestants.find((each) => each.name === name)!;
      const started = await start(contestant, port, env, options.nodeOptions?.(name));
      const one: Running = {
        ...started,
        stop() {
          running.splice(running.indexOf(one), 1);
          return started.stop();
        },
      };
      running.push(one);
      return one;
    };
    const names = contestants.map(({ name }) => name);
    const chosen = names.filter((name) => !options.only || options.only.includes(name));
    for (const [index, name] of chosen.entries()) await begin(name, options.firstPort + index);
    return await work({
      running: [...running],
      scale,
      databaseUrl: postgres.url,
      env,
      start: begin,
      measure: (targets, warmUp = false) =>
        measure(targets, running, postmaster, options, autocannon, warmUp),
    });
  } finally {
    for (const one of [...running]) await one.stop();
    await postgres.stop();
  }
}

/** Every contestant, question by question, in interleaved rounds on one machine. Throws where answers differ. */
export async function compare(arena: Arena, options: CompareOptions): Promise<Results> {
  const results: Results = new Map();
  const { running, scale } = arena;
  for (const question of questions) {
    if (options.questions && !options.questions.includes(question.name)) continue;
    const asks = question.asks(scale, toGlobalId);
    await compareAnswers(running, question, asks);
    const samples = new Map<string, Sample[]>(running.map(({ contestant }) => [contestant.name, []]));
    for (let round = -1; round < options.rounds; round++) {
      const which = round < 0 ? "warming up" : `round ${round + 1} of ${options.rounds}`;
      options.log(`${question.name}: ${question.title}, ${which}`);
      for (const one of running) {
        const target = { one, bodies: bodiesOf(one, question, asks) };
        const sample = await arena.measure([target], round < 0);
        if (round >= 0) samples.get(one.contestant.name)!.push(sample);
      }
    }
    results.set(question, samples);
  }
  return results;
}

export const bodiesOf = ({ contestant }: Running, question: Question, asks: readonly Ask[]): string[] =>
  asks.map((ask) => bodyOf(contestant.ask, question, ask));

/** Whoever is slow still works on what was asked last when its turn is over, which would count against the next. */
async function waitForCalm(everybody: readonly Running[], postmaster: number): Promise<void> {
  const cpu = () =>
    everybody.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0) + familyCpuSeconds(postmaster);
  const [lookMs, idleShare] = [200, 0.2];
  for (let before = cpu(); ;) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    const after = cpu();
    if (after - before < (lookMs / 1000) * idleShare) return;
    before = after;
  }
}

async function measure(
  targets: readonly Target[],
  everybody: readonly Running[],
  postmaster: number,
  options: CompareOptions,
  autocannon: Autocannon,
  warmUp: boolean,
): Promise<Sample> {
  await waitForCalm(everybody, postmaster);
  const cpu = () => targets.reduce((sum, { one }) => sum + cpuSeconds(one.pid), 0);
  const before = { own: cpu(), database: familyCpuSeconds(postmaster), load: process.cpuUsage() };
  const results = await Promise.all(
    targets.map(async ({ one, bodies, key = benchKey, connections = options.connections, amount }) => {
      const requests = bodies.map((body, index) => ({
        method: "POST",
        headers: headersOf(typeof key === "string" ? key : key[index]!),
        body,
      }));
      // Every connection would begin with the first body; where each must be sent once, they share one queue.
      let sent = 0;
      let begun = 0;
      const next = (plain: object) => ({ ...plain, ...requests[sent++ % requests.length] });
      // Of its own time autocannon knows whole seconds where it was told an amount.
      let answeredAt = 0;
      const startedAt = performance.now();
      const result = await autocannon({
        url: one.url,
        connections,
        ...(amount ? { amount } : { duration: warmUp ? 2 : options.seconds }),
        // Each connection makes bytes of these before it begins, and of those that it is given then.
        requests: [{ ...requests[0], ...(amount && { setupRequest: next }) }],
        verifyBody: (body: string) => !body.includes('"errors":[{'),
        // Else all connections would ask the same at the same time, which no crowd does.
        setupClient: (client: Client) => {
          if (amount) return void client.on("response", () => (answeredAt = performance.now()));
          // One further for each, so that connections begin with different projects, where several ask in turn.
          const start = (Math.round((begun * requests.length) / connections) + begun++) % requests.length;
          const rotated = [...requests.slice(start), ...requests.slice(0, start)];
          client.setRequests(rotated.slice(0, mostOfConnection));
        },
      });
      const failed = result.errors + result.non2xx + result.mismatches;
      if (failed > 0)
        throw new Error(`${one.contestant.name} failed ${failed} times: ${one.said.join("").slice(0, 3000)}`);
      return amount ? { ...result, duration: (answeredAt - startedAt) / 1000 } : result;
    }),
  );
  const load = process.cpuUsage(before.load);
  const total = results.reduce((sum, { requests }) => sum + requests.total, 0);
  const perRequest = (seconds: number) => (seconds * 1e6) / total;
  return {
    requestsPerSecond: results.reduce((sum, { requests, duration }) => sum + requests.total / duration, 0),
    p50Ms: Math.max(...results.map(({ latency }) => latency.p50)),
    p99Ms: Math.max(...results.map(({ latency }) => latency.p99)),
    cpuUs: perRequest(cpu() - before.own),
    databaseCpuUs: perRequest(familyCpuSeconds(postmaster) - before.database),
    loadCpuUs: perRequest((load.user + load.system) / 1e6),
  };
}

export const headersOf = (key: string) => ({
  "content-type": "application/json",
  authorization: `Bearer ${key}`,
});

const bodyOf = (words: Running["contestant"]["ask"], question: Question, ask: Ask) =>
  JSON.stringify({
    ...(words?.(question, ask) ?? { query: question.document, variables: ask.variables }),
    operationName: question.name,
  });

/** Every contestant must answer the floor's bytes, and those all rows; who has words of its own, as many rows. */
async function compareAnswers(running: readonly Running[], question: Question, asks: readonly Ask[]) {
  for (const ask of asks.slice(0, 3)) {
    let expected: string | undefined;
    for (const { contestant, url } of running) {
      const response = await fetch(url, {
        method: "POST",
        headers: headersOf(benchKey),
        body: bodyOf(contestant.ask, question, ask),
      });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
      // Cursors are opaque: who makes them may make them differently, of the same length.
      const bytes = JSON.stringify({ data }).replace(
        /(ursor":")([^"]+)/g,
        (_, name, cursor: string) => `${name}${cursor.length}`,
      );
      expected ??= bytes;
      const same = (contestant.ask !== undefined || bytes === expected) && countRows(bytes) === question.rows;
      if (errors || !same) {
        const at = [...bytes].findIndex((character, index) => character !== expected?.[index]);
        const [its, floors] = [bytes, expected].map((text) => text.slice(Math.max(0, at - 100), at + 100));
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
