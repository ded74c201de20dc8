// `node bench/gateway/profile.ts Q2`: where one contestant's processor time goes under the bench's load, by function and by
// package, beside its ratio to the floor. For finding out, not for publishing: it runs over a tenth of the data.
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../statistics.ts";
import { compare, ratiosOf, withArena, type Arena, type CompareOptions, type Results } from "./compare.ts";
import { questions } from "./questions.ts";
import { measureManyProjects } from "./scaling.ts";

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    of: { type: "string", default: "daguerre" },
    with: { type: "string", multiple: true, default: [] },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    times: { type: "string", default: "0.1" },
    rows: { type: "string", default: "35" },
    port: { type: "string", default: "4800" },
    // Kept, with its data, for the next time.
    directory: { type: "string" },
    plain: { type: "boolean", default: false },
    /** Asked by all projects in turn, instead of by one beside other contestants. */
    "in-turn": { type: "boolean", default: false },
  },
});

const maps = new Map<string, SourceMap | undefined>();

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    const file = url.includes("/dist/bundle/") && new URL(`${url}.map`);
    const text = file && existsSync(file) && readFileSync(file, "utf8");
    maps.set(url, text ? new SourceMap(JSON.parse(text) as SourceMapPayload) : undefined);
  }
  return maps.get(url);
}

/** The module that a function of the bundle comes from. */
function toModule(frame: CallFrame): CallFrame {
  const entry = mapOf(frame.url)?.findEntry(frame.lineNumber, frame.columnNumber);
  if (!entry || !("originalSource" in entry)) return frame;
  return { ...frame, url: new URL(entry.originalSource, frame.url).href, lineNumber: entry.originalLine };
}

/** `node_modules/pg/lib/client.js` is pg's, `dist/api/x.js` is api's. */
function ownerOf(url: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage) return inPackage;
  if (url.startsWith("node:")) return url;
  return /\/dist\/([^/]+)/.exec(url)?.[1] ?? (url || "(engine)");
}

function addTo(totals: Map<string, number>, name: string, share: number): void {
  totals.set(name, (totals.get(name) ?? 0) + share);
}

function print(title: string, totals: ReadonlyMap<string, number>, rows: number): void {
  console.log(`\n${title}`);
  for (const [name, share] of [...totals].sort(([, a], [, b]) => b - a).slice(0, rows))
    console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
}

async function readProfile(folder: string, rows: number): Promise<void> {
  for (const file of await readdir(folder)) {
    const profile = JSON.parse(await readFile(join(folder, file), "utf8")) as Profile;
    const { samples, timeDeltas } = profile;
    const nodes = profile.nodes.map((node) => ({ ...node, callFrame: toModule(node.callFrame) }));
    const own = new Map<number, number>();
    const known = new Map(nodes.map((node) => [node.id, node]));
    // Neither the start nor the first second under load, in which everything is compiled.
    const begun = nodes.filter((node) => node.callFrame.functionName === "processGraphQLRequest");
    const first = Math.max(
      0,
      samples.findIndex((id) => begun.some((node) => node.id === id)),
    );
    let warmUp = 1e6;
    for (let index = first; index < samples.length; index++) {
      const [id, time] = [samples[index]!, timeDeltas[index] ?? 0];
      if (known.get(id)!.callFrame.functionName !== "(idle)") warmUp -= time;
      if (warmUp < 0) own.set(id, (own.get(id) ?? 0) + time);
    }
    const idle = new Set(["(idle)", "(program)"]);
    let busy = 0;
    for (const [id, time] of own) if (!idle.has(known.get(id)!.callFrame.functionName)) busy += time;
    const byFunction = new Map<string, number>();
    const byOwner = new Map<string, number>();
    const within = new Map<string, number>();
    const label = ({ callFrame: { functionName, url, lineNumber } }: Profile["nodes"][number]) =>
      `${functionName || "(anonymous)"}  ${url.replace(/.*\/(node_modules|dist)\//, "")}:${lineNumber + 1}`;
    const walk = (id: number, above: ReadonlySet<string>): void => {
      const node = known.get(id)!;
      const name = label(node);
      const share = (own.get(id) ?? 0) / busy;
      const path = above.has(name) ? above : new Set([...above, name]);
      if (share > 0 && !idle.has(node.callFrame.functionName)) {
        addTo(byFunction, name, share);
        addTo(byOwner, ownerOf(node.callFrame.url), share);
        for (const each of path) addTo(within, each, share);
      }
      for (const child of node.children ?? []) walk(child, path);
    };
    walk(nodes[0]!.id, new Set());
    print("by package, self", byOwner, 15);
    print("by function, self", byFunction, rows);
    print("by function, with what it calls", within, rows);
  }
}

/** As if who is profiled were the floor when one project asks. */
async function compareInTurn(arena: Arena, options: CompareOptions): Promise<Results> {
  const results: Results = new Map();
  for (const question of questions.filter(({ name }) => options.questions?.includes(name))) {
    const { one, many } = await measureManyProjects(arena, question, options.rounds);
    results.set(
      question,
      new Map([
        ["floor", one],
        ["in turn", many],
      ]),
    );
  }
  return results;
}

const directory = values.directory ?? (await mkdtemp(join(tmpdir(), "daguerre-profile-")));
const profiles = join(directory, "profiles");
try {
  const options = {
    directory,
    log: () => undefined,
    connections: 32,
    firstPort: Number(values.port),
    times: Number(values.times),
    only: values["in-turn"] ? [values.of] : [...new Set(["floor", values.of, ...values.with])],
    questions: positionals,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    nodeOptions: (name: string) =>
      name === values.of && !values.plain ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [],
  };
  const results = await withArena(options, (arena) =>
    values["in-turn"] ? compareInTurn(arena, options) : compare(arena, options),
  );
  for (const [question, samples] of results)
    for (const [name, own] of samples) {
      const ratio = ratiosOf(own, samples.get("floor")!);
      const of = (pick: (sample: (typeof own)[number]) => number) => median(own.map(pick)).toFixed(0);
      console.log(
        `${question.name} ${name.padEnd(10)} ${median(ratio).toFixed(2)} [${ratio.map((each) => each.toFixed(2)).join(" ")}]  ${of((sample) => sample.requestsPerSecond)}/s  p50 ${of((sample) => sample.p50Ms)} p99 ${of((sample) => sample.p99Ms)} ms  cpu ${of((sample) => sample.cpuUs)} + postgres ${of((sample) => sample.databaseCpuUs)} + load ${of((sample) => sample.loadCpuUs)} µs`,
      );
    }
  if (!values.plain) await readProfile(profiles, Number(values.rows));
} finally {
  await rm(values.directory ? profiles : directory, { recursive: true, force: true });
}
process.exit(0);
