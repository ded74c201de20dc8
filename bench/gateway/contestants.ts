import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Ask, Question } from "./questions.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  /** Where its own schema names things differently: the same question in its words. */
  readonly ask?: (question: Question, ask: Ask) => { query: string; variables: object };
}

const mjs = (name: string) => [here(`./contestants/${name}.mjs`)];

export const contestants: readonly Contestant[] = [
  { name: "floor", command: mjs("floor") },
  { name: "daguerre", command: [here("../../dist/main.js"), "up"] },
  { name: "mercurius", command: mjs("mercurius") },
  { name: "yoga", command: mjs("yoga") },
  { name: "postgraphile", command: mjs("postgraphile"), ask: inPostGraphilesWords },
  {
    name: "naive",
    command: [
      here("./node_modules/tsx/dist/cli.mjs"),
      "--tsconfig",
      here("./contestants/naive/tsconfig.json"),
      here("./contestants/naive/server.ts"),
    ],
  },
];

export interface Running {
  readonly contestant: Contestant;
  readonly url: string;
  readonly pid: number;
  /** What it has printed. */
  readonly said: readonly string[];
  stop(): Promise<void>;
}

/** Starts a contestant on a port and waits until it answers. */
export async function start(
  contestant: Contestant,
  port: number,
  env: NodeJS.ProcessEnv,
  nodeOptions: readonly string[] = [],
): Promise<Running> {
  const child = spawn(process.execPath, [...nodeOptions, ...contestant.command], {
    env: { ...process.env, ...env, PORT: String(port), NODE_ENV: "production", GRAPHILE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const url = `http://127.0.0.1:${port}/graphql`;
  await answering(child, url, said, contestant.name);
  return {
    contestant,
    url,
    pid: innermost(child.pid!),
    said,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function answering(child: ChildProcess, url: string, said: string[], name: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said.join("")}`);
    try {
      await fetch(new URL("/livez", url));
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** tsx runs its program in a child of its own, whose CPU time is the one that counts. */
function innermost(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const runsNode = child && readFileSync(`/proc/${child}/cmdline`, "utf8").includes("naive");
  return runsNode ? innermost(Number(child)) : pid;
}

/** CPU seconds by /proc (100 ticks a second): a process's own so far, and those of its children that have ended. */
function readCpu(pid: number): { own: number; ended: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / 100;
  return { own: seconds(11), ended: seconds(13) };
}

export const cpuSeconds = (pid: number): number => readCpu(pid).own;

/** The postmaster, its backends, and those that have come and gone. */
export function familyCpuSeconds(postmaster: number): number {
  const { own, ended } = readCpu(postmaster);
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8").trim().split(" ");
  try {
    return children.filter(Boolean).reduce((sum, pid) => sum + readCpu(Number(pid)).own, own + ended);
  } catch (error) {
    // One that ends while it is looked for, as autovacuum's do, is among those that have ended when all are looked for again.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return familyCpuSeconds(postmaster);
    throw error;
  }
}

function inPostGraphilesWords(question: Question, { byRow: { uuid, uuids = [] } }: Ask) {
  const rows = `id: rowId type kind cause status name takenAt completedAt sizeBytes storedBytes restorable exportable
    restorableUntil restoreReasons exportableUntil exportReasons`;
  const latest = `snapshotsByInstanceId(first: 5, orderBy: TAKEN_AT_DESC) {
    nodes { id: rowId kind type status takenAt sizeBytes restorable exportable } }`;
  const operation = `id: rowId status phase percent bytesDone bytesTotal etaSeconds revision cancelable createdAt startedAt finishedAt`;
  switch (question.name) {
    case "Q1":
      return {
        query: `query Q1($id: UUID!) { instance: instanceByRowId(rowId: $id) { id: rowId name tier status createdAt } }`,
        variables: { id: uuid },
      };
    case "Q2":
      return {
        query: `query Q2($id: UUID!) { instance: instanceByRowId(rowId: $id) {
          snapshots: snapshotsByInstanceId(first: 25, orderBy: TAKEN_AT_DESC, condition: { exportable: true }) {
            edges { cursor node { ${rows} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
        variables: { id: uuid },
      };
    case "Q3":
      return {
        query: `query Q3 { instances: allInstances(first: 20, orderBy: CREATED_AT_ASC) { nodes {
          id: rowId name tier version status region snapshots: ${latest} } } }`,
        variables: {},
      };
    default: {
      const names = uuids.map((_, index) => `$i${index}: UUID!`).join(", ");
      const fields = uuids.map(
        (_, index) => `o${index}: operationByRowId(rowId: $i${index}) { ${operation} }`,
      );
      return {
        query: `query Q4(${names}) { ${fields.join(" ")} }`,
        variables: Object.fromEntries(uuids.map((id, index) => [`i${index}`, id])),
      };
    }
  }
}
