import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The embedded Postgres that a service on this machine has running below the folder, as a URL; undefined where none
 * runs. For commands that work beside the service.
 */
export async function findRunningPostgres(directory: string): Promise<string | undefined> {
  const read = (...path: string[]) => readFile(join(directory, ...path), "utf8").catch(() => undefined);
  // Postgres writes its process, folder, start, port, … one a line, and "ready" once it answers.
  const [pid, , , port, , , , state] = ((await read("data", "postmaster.pid")) ?? "").split("\n");
  const password = (await read("password"))?.trim();
  if (!port || !password || state?.trim() !== "ready" || !isAlive(Number(pid))) return undefined;
  return `postgres://daguerre:${password}@127.0.0.1:${port.trim()}/postgres`;
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
