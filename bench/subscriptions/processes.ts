import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Command } from "./crowd.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Contestant {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What it can be told to do between rounds, and how that is called. */
  readonly ways: Readonly<Record<string, string>>;
  /** How it names a row. */
  readonly idOf: (uuid: string, globalId: string) => string;
}

export const contestants: readonly Contestant[] = [
  {
    name: "daguerre",
    program: here("../../dist/main.js"),
    args: ["up"],
    ways: { daguerre: "" },
    idOf: (_uuid, id) => id,
  },
  {
    name: "plain",
    program: here("./plain-server.ts"),
    args: [],
    ways: { plain: "reads", "plain, row handed over": "handed" },
    idOf: (uuid) => uuid,
  },
];

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
  /** Of the resident set, what V8 keeps for new objects and can give back. */
  readonly nursery: number;
}

/** A contestant's server in a process of its own. */
export async function startServer({ name, program, args }: Contestant, port: number, env: NodeJS.ProcessEnv) {
  const child = fork(program, args, {
    execArgv: ["--expose-gc", "--import", here("./report-memory.mjs")],
    env: { ...process.env, ...env, PORT: String(port), NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended`);
    const up = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined);
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    pid: child.pid!,
    async memory(): Promise<Memory> {
      child.send("memory");
      const [memory] = (await once(child, "message")) as [Memory];
      return memory;
    },
    take: (way: string) => void (way && child.send(way)),
    stop: () => end(child),
  };
}
export type Server = Awaited<ReturnType<typeof startServer>>;

/** A process of clients. */
export function startCrowd() {
  const child = fork(here("./crowd.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const gone = once(child, "exit").then(() => [{ done: "", failed: "its process ended" }] as const);
  const next = async (): Promise<string> => {
    const [answer] = (await Promise.race([once(child, "message"), gone])) as readonly [Answer];
    if (answer.failed) throw new Error(`a client failed: ${answer.failed}`);
    return answer.done;
  };
  return {
    next,
    tell(command: Command): Promise<string> {
      child.send(command);
      return next();
    },
    stop: () => end(child),
  };
}
export type Crowd = ReturnType<typeof startCrowd>;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
