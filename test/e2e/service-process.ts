import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import pg from "pg";
import { inject } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

/** Compiles what has changed: the service under test is the one that users start. One test file at a time does it. */
export async function buildService(): Promise<void> {
  const lock = new pg.Client({ connectionString: inject("postgresUrl") });
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock(1)");
    for (const script of [
      [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`],
      [`${root}scripts/build-bundle.mjs`],
      [`${root}scripts/build-console.mjs`],
    ])
      await promisify(execFile)(process.execPath, script);
  } finally {
    await lock.end();
  }
}

export interface ServiceProcess {
  /** Without a path. */
  readonly url: string;
  readonly pid: number;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
  /** What it has printed so far. */
  output(): string;
}

/** Starts the service as users do and waits until it is up. */
export async function startServiceProcess(env: Record<string, string>): Promise<ServiceProcess> {
  const child: ChildProcess = spawn(process.execPath, [`${root}dist/main.js`, "up"], {
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
      PORT: "0",
      DAGUERRE_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let url: string | undefined;
  const exited = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: string): void => {
      output += chunk;
      url ??= /GraphQL\s+(\S+)\/graphql/.exec(output)?.[1];
      if (url !== undefined) resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    void exited.then(() => reject(new Error(`the service did not start:\n${output}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  return {
    url: url ?? "",
    pid: child.pid ?? 0,
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    output: () => output,
  };
}

/** The command lines of this machine's processes that name the text. */
export async function findProcesses(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(text)).map((line) => line.replaceAll("\0", " "));
}
