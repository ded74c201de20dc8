import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { EngineError } from "../engine.js";
import { type ChildConnection, engineError } from "./child-connection.js";
import type { ChildSettings } from "./frames.js";

// Node strips the types of child.ts by itself, so tests run it without a build.
const childFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url),
);
const pingMs = 5_000;

/** Where a limit cannot be set, it runs without one. The shell becomes the process itself. */
const underLimit = 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"';
/** What lists and sorting may take beside the buffer pool, with Node's own share. */
const workingBytes = 1.5 * 2 ** 30;

/**
 * One statement can ask for more memory than the machine has, and Ladybug minds neither its buffer pool nor its time
 * limit there. The whole of the largest database counts, since its address space is reserved at once.
 */
const memoryKiB = ({ maxDbSizeBytes, bufferPoolBytes }: ChildSettings): number =>
  Math.ceil((maxDbSizeBytes + bufferPoolBytes + workingBytes) / 1024);

function yieldToOthers({ pid }: ChildProcess, niceness: number): void {
  try {
    if (pid !== undefined && niceness > 0) setPriority(pid, niceness);
  } catch {
    // It has ended already, or a sandbox refuses: it serves as well without.
  }
}

/** A new process for the folder, and the first line that it writes: `ready`, or why it failed. */
export function spawnChild(
  folder: string,
  socketPath: string,
  startMs: number,
  options: { readonly nodeBinary: string; readonly settings: ChildSettings; readonly niceness: number },
): { readonly child: ChildProcess; readonly said: Promise<string> } {
  const { nodeBinary, settings, niceness } = options;
  // Without the accessor, what a tenant calls __proto__ is data as any other, also for the engine's library.
  const command = [
    nodeBinary,
    "--disable-proto=delete",
    childFile,
    folder,
    socketPath,
    JSON.stringify(settings),
  ];
  const child = spawn("/bin/sh", ["-c", underLimit, "sh", String(memoryKiB(settings)), ...command], {
    stdio: ["pipe", "pipe", "ignore"],
    cwd: folder,
    // Nothing of the service's own: it holds secrets. One thread for each statement that may run at a time.
    env: { HOME: folder, TZ: "UTC", UV_THREADPOOL_SIZE: "16" },
  });
  // While it is one thread still: those that it makes inherit it.
  yieldToOthers(child, niceness);
  child.stdin.on("error", () => undefined);
  const timeout = new AbortController();
  const said = Promise.race([
    once(child.stdout, "data").then(([chunk]) => String(chunk).trim()),
    once(child, "exit").then(([code, signal]) => `it ended with ${String(code ?? signal)}`),
    new Promise<string>((resolve) => child.once("error", (error) => resolve(error.message))),
    delay(startMs, "it was too slow", { signal: timeout.signal }),
  ]).catch((error: unknown) => String(error));
  return {
    child,
    said: said.then((line) => {
      timeout.abort();
      if (!line.startsWith("ready")) child.kill("SIGKILL");
      return line;
    }),
  };
}

/** Whether somebody is alive behind it. */
export async function answers(connection: ChildConnection): Promise<boolean> {
  const timeout = new AbortController();
  const pong = connection.request("ping").then(
    () => true,
    () => false,
  );
  const silence = delay(pingMs, false, { signal: timeout.signal }).catch(() => false);
  const answered = await Promise.race([pong, silence]);
  timeout.abort();
  return answered;
}

export function startFailure(folder: string, reason: string): EngineError {
  if (!existsSync(folder)) return new EngineError("NOT_FOUND", "No such generation.");
  const message = reason.replace(/^failed (Error: )?/, "");
  const { code } = engineError({ message }, true);
  return new EngineError(code, `The engine did not start: ${message}`);
}
