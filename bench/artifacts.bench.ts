import { execFile } from "node:child_process";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Bench, BenchContext } from "./bench.ts";
import { missingTools, packFile, unpackFile } from "./command-line-tools.ts";
import { makeGraphFile } from "./graph.ts";
import { createParts, generation, partOf, sha256Of } from "./snapshots.ts";
import { median, spread, timed } from "./statistics.ts";

const mebibyte = 2 ** 20;

/** A graph's file, again and again: far beyond the distance at which zstd finds a repetition. */
async function makeFile(directory: string, graph: string, sizeMiB: number): Promise<string> {
  const content = await readFile(graph);
  const file = join(directory, `${sizeMiB}.bin`);
  await rm(file, { force: true });
  for (let left = sizeMiB * mebibyte; left > 0; left -= content.length)
    await appendFile(file, content.subarray(0, Math.min(left, content.length)));
  return file;
}

type Parts = ReturnType<typeof createParts>;

async function measureRound(directory: string, parts: Parts, file: string, round: number) {
  const packed = join(directory, "packed");
  const unpacked = join(directory, "unpacked");
  const { artifacts, engine, write } = parts;
  const key = `snapshots/${round}/`;
  const part = await partOf(file);
  const toolsThere = await timed(() => packFile(file, packed));
  let ref = { key, sha256: "" };
  const written = await timed(async () => (ref = await write(key, [part])));
  const verified = await timed(() => artifacts.verify(ref));
  const toolsBack = await timed(() => unpackFile(packed, unpacked));
  const restored = await timed(() => engine.stage(generation(1), artifacts.read([ref])));
  if ((await sha256Of(file)) !== (await sha256Of(unpacked))) throw new Error("the tools changed the file");
  const staged = join(directory, "parts", "engine", generation(1).instanceId, "1", "graph.lbug");
  if ((await sha256Of(file)) !== (await sha256Of(staged))) throw new Error("the restore changed the file");
  await artifacts.remove(key);
  await engine.drop(generation(1));
  await Promise.all([packed, unpacked].map((path) => rm(path, { force: true })));
  return { toolsThere, written, verified, toolsBack, restored };
}

/** In a process of its own, so that nothing else's memory is counted. */
async function measureMemory(directory: string, file: string) {
  const probe = fileURLToPath(new URL("memory-probe.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [probe, join(directory, "probe"), file]);
  return JSON.parse(stdout) as { writeMiB: number; restoreMiB: number };
}

async function run({ quick, directory, log }: BenchContext) {
  const missing = await missingTools();
  if (missing.length > 0)
    return { columns: ["not measured"], rows: [[`${missing.join(" and ")} not installed`]], notes: [] };
  const graph = await makeGraphFile(directory);
  const [size, large, rounds] = quick ? [128, 384, 3] : [512, 2048, 9];
  const file = await makeFile(directory, graph, size);
  const parts = createParts(join(directory, "parts"));
  const all: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const times = await measureRound(directory, parts, file, round);
    // The first round warms the file's cache and the threads.
    if (round > 0) all.push(times);
    log(`round ${round} of ${rounds}: ${Object.values(times).map(Math.round).join(" ")} ms`);
  }
  const small = await measureMemory(directory, file);
  await rm(file);
  const big = await measureMemory(directory, await makeFile(directory, graph, large));
  const speed = (times: readonly number[]) => `${Math.round(size / (median(times) / 1000))} MiB/s`;
  const of = (pick: (times: (typeof all)[number]) => number) => all.map(pick);
  const there = of((t) => t.toolsThere);
  const back = of((t) => t.toolsBack);
  const compare = (what: string, own: readonly number[], tools: readonly number[], memory: string[]) => [
    what,
    speed(own),
    speed(tools),
    spread(own.map((time, at) => tools[at]! / time)),
    ...memory,
  ];
  const growth = (pick: (probe: typeof small) => number) => [`${pick(small)} MiB`, `${pick(big)} MiB`];
  return {
    columns: ["", "Daguerre", "tools", "ratio (quartiles)", `memory, ${size} MiB`, `memory, ${large} MiB`],
    rows: [
      compare(
        "snapshot: write and verify",
        of((t) => t.written + t.verified),
        there,
        growth((p) => p.writeMiB),
      ),
      compare(
        "  of it, write",
        of((t) => t.written),
        there,
        ["", ""],
      ),
      compare(
        "restore: verify, read, stage",
        of((t) => t.restored),
        back,
        growth((p) => p.restoreMiB),
      ),
    ],
    notes: [
      `A file of ${size} MiB (a graph's, repeated) goes into the file system's store and back through the engine's driver; the tools are \`zstd -3 -T1 | openssl enc -aes-256-ctr\` and back. ${rounds} rounds, in each the tools and Daguerre in turn; both end when the bytes are on the disk, and both results are compared with the file. The ratio is Daguerre's throughput in the tools': at least 0.7 is the must, 0.9 the aim. Memory is what the resident set grows by at its peak, at two sizes: below 200 MiB is the must.`,
    ],
    figures: [
      ["snapshot, of the tools' throughput", of((t) => t.toolsThere / (t.written + t.verified))] as const,
      ["restore, of the tools' throughput", of((t) => t.toolsBack / t.restored)] as const,
    ].map(([what, ratios]) => ({ what, measured: median(ratios), aim: { atLeast: 0.9 } })),
  };
}

const bench: Bench = { title: "Snapshot and restore against zstd and openssl", run };
export default bench;
