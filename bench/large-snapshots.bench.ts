import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as EmbeddedPostgres from "../src/db/embedded-postgres.js";
import type * as Migrate from "../src/db/migrate.js";
import type * as Ids from "../src/ids.js";
import { type Bench, type BenchContext, product } from "./bench.ts";
import { contestants, start } from "./gateway/contestants.ts";
import { questions } from "./gateway/questions.ts";
import { benchKey, instanceIds, placeHome, seed } from "./gateway/seed.ts";
import { makeGraphFile } from "./graph.ts";
import { median, quantile } from "./statistics.ts";
import { askSteadily } from "./steady-load.ts";

const headers = { "content-type": "application/json", authorization: `Bearer ${benchKey}` };
const perSecond = 100;
/** Above this the machine is not idle, and what is measured is who else runs on it. */
const slowestIdleMs = 50;
const scale = { projects: 5, instancesPerProject: 40, snapshotsPerInstance: 250 };
const mebibyte = 2 ** 20;

/** An engine's database that is as large as is asked: behind what the engine reads of its file lies the same again. */
async function placeLargeDatabase(graph: string, home: string, instanceId: string, sizeMiB: number) {
  const content = await readFile(graph);
  const folder = join(home, "engines", "ladybug", instanceId, "1");
  const file = join(folder, "graph.lbug");
  await mkdir(folder, { recursive: true });
  await copyFile(graph, file);
  for (let left = sizeMiB * mebibyte - content.length; left > 0; left -= content.length)
    await writeFile(file, content.subarray(0, Math.min(left, content.length)), { flag: "a" });
}

interface Phase {
  readonly times: readonly number[];
  /** The 99th percentile of how long a timer of 10 ms took, and the longest. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
}

async function run({ quick, directory, log }: BenchContext) {
  const { startEmbeddedPostgres } = await product<typeof EmbeddedPostgres>("db/embedded-postgres.js");
  const { migrateDatabase } = await product<typeof Migrate>("db/migrate.js");
  const { toGlobalId } = await product<typeof Ids>("ids.js");
  const [sizeMiB, rounds, idleMs] = quick ? [256, 1, 5_000] : [2048, 2, 15_000];
  const home = join(directory, "home");
  const graph = await makeGraphFile(directory);
  const large = instanceIds(scale).slice(0, 2);
  for (const id of large) await placeLargeDatabase(graph, home, id, sizeMiB);
  log(`two databases of ${sizeMiB} MiB are in place`);
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "postgres") });
  try {
    await migrateDatabase(postgres.url);
    await seed(postgres.url, scale, new Date());
    await placeHome(home);
    const points = { DAGUERRE_BUCKET_POINTS: "1000000", DAGUERRE_BUCKET_POINTS_PER_SECOND: "1000000" };
    const env = { DATABASE_URL: postgres.url, DAGUERRE_HOME: home, ...points };
    const daguerre = contestants.find(({ name }) => name === "daguerre")!;
    const service = await start(daguerre, 4790, env);
    try {
      const question = questions.find(({ name }) => name === "Q2")!;
      const bodies = question
        .asks(scale, toGlobalId)
        .map(({ variables }) => JSON.stringify({ query: question.document, variables, operationName: "Q2" }));
      const load = { url: service.url, headers, bodies, perSecond };
      const measure = async (work: () => Promise<unknown>): Promise<Phase> => {
        await readLoopDelay(service.url);
        const ended = new AbortController();
        const asking = askSteadily(load, ended.signal);
        // Heard of when the work has ended.
        asking.catch(() => undefined);
        await work().finally(() => ended.abort());
        const times = await asking;
        return { times, ...(await readLoopDelay(service.url)) };
      };
      const idly = () => new Promise((resolve) => setTimeout(resolve, idleMs));
      const snapshots = () =>
        takeSnapshots(
          service.url,
          large.map((id) => toGlobalId("instance", id)),
        );
      await measure(idly);
      const all: { idle: Phase; busy: Phase }[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const idle = await measure(idly);
        const idleMedian = median(idle.times);
        if (idleMedian > slowestIdleMs)
          throw new Error(
            `idle, an answer takes ${Math.round(idleMedian)} ms: something else keeps this machine busy`,
          );
        const began = performance.now();
        const busy = await measure(snapshots);
        const seconds = (performance.now() - began) / 1000;
        all.push({ idle, busy });
        const p99 = [idle, busy].map(({ times }) => quantile(times, 0.99).toFixed(1));
        log(
          `round ${round} of ${rounds}: p99 ${p99.join(" and ")} ms, both snapshots in ${seconds.toFixed(0)} s`,
        );
      }
      return report(all, sizeMiB);
    } finally {
      await service.stop();
    }
  } finally {
    await postgres.stop();
  }
}

/** Takes a snapshot of each, at the same time, and waits until all have succeeded. */
async function takeSnapshots(url: string, ids: readonly string[]): Promise<void> {
  const begun = await Promise.all(
    ids.map(async (instanceId) => {
      const { takeSnapshot } = await ask<{ takeSnapshot: { operation: { id: string } | null } }>(
        url,
        "mutation($id: ID!) { takeSnapshot(input: { instanceId: $id }) { operation { id } errors { __typename ... on UserError { message } } } }",
        { id: instanceId },
      );
      if (!takeSnapshot.operation) throw new Error(`no snapshot was begun: ${JSON.stringify(takeSnapshot)}`);
      return takeSnapshot.operation.id;
    }),
  );
  for (let running = begun; running.length > 0;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { nodes } = await ask<{ nodes: { id: string; status: string; failure: unknown }[] }>(
      url,
      "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Operation { status failure { code message } } } }",
      { ids: running },
    );
    const failed = nodes.find(({ status }) => status === "FAILED" || status === "CANCELED");
    if (failed) throw new Error(`a snapshot failed: ${JSON.stringify(failed)}`);
    running = nodes.filter(({ status }) => status !== "SUCCEEDED").map(({ id }) => id);
  }
}

async function ask<T>(url: string, query: string, variables: object): Promise<T> {
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Of the service's event loop since this was last asked: the metrics begin anew at each reading. */
async function readLoopDelay(url: string): Promise<{ loopP99Ms: number; loopMaxMs: number }> {
  const text = await (await fetch(new URL("/metrics", url))).text();
  const read = (name: string) => {
    const found = new RegExp(`^daguerre_nodejs_eventloop_lag_${name}_seconds (\\S+)$`, "m").exec(text);
    if (!found) throw new Error(`the service does not tell its event loop's delay: ${text.slice(0, 200)}`);
    return Number(found[1]) * 1000;
  };
  return { loopP99Ms: read("p99"), loopMaxMs: read("max") };
}

function report(all: readonly { idle: Phase; busy: Phase }[], sizeMiB: number) {
  const row = (what: string, phases: readonly Phase[], against: string) => {
    const of = (share: number) => median(phases.map(({ times }) => quantile(times, share))).toFixed(1);
    const loop = (pick: (phase: Phase) => number) => median(phases.map(pick)).toFixed(1);
    return [what, of(0.5), of(0.99), of(1), against, loop((p) => p.loopP99Ms), loop((p) => p.loopMaxMs)];
  };
  const ratios = all.map(({ idle, busy }) => quantile(busy.times, 0.99) / quantile(idle.times, 0.99));
  return {
    columns: ["", "p50 ms", "p99 ms", "max ms", "p99, of the idle one (aim 2)", "loop p99 ms", "loop max ms"],
    rows: [
      row(
        "idle",
        all.map(({ idle }) => idle),
        "1.00",
      ),
      row(
        "two snapshots running",
        all.map(({ busy }) => busy),
        median(ratios).toFixed(2),
      ),
    ],
    notes: [
      `The Snapshots tab (25 rows), ${perSecond} times a second at a steady rate, while the service does nothing else, and while it takes FULL snapshots of two databases of ${sizeMiB} MiB at the same time until both have succeeded; ${all.length} rounds, the medians of them. Service, Postgres and whoever asks share the machine. The databases are Ladybug's, of 200,000 nodes and 500,000 relationships, and made large by bytes behind what the engine reads; the engine's process, its checkpoint, the copying, compressing, encrypting, writing and verifying are the service's own. "Loop" is how long a timer of 10 ms takes on the service's event loop.`,
    ],
    figures: [{ what: "Q2's p99, of the idle one", measured: median(ratios), aim: { atMost: 2 } }],
  };
}

const bench: Bench = { title: "The API beside large snapshots", run };
export default bench;
