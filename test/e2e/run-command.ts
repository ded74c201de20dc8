import { execFile } from "node:child_process";
import { expect } from "vitest";

/** The command as it is built; `buildService` builds it. */
export const main = new URL("../../dist/main.js", import.meta.url).pathname;

/** How a command ended, and what it said. */
export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command to its end, as it stands in a new shell; as another user where that is asked for. */
export async function runCommand(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
  uid?: number,
): Promise<Ended> {
  const path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
  const options = { env: { PATH: path, PORT: "0", ...env }, uid, gid: uid, cwd, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ status: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}

/** One line, on stderr, with what happened and what to do. */
export function expectOneLine(ended: Ended, ...words: RegExp[]): void {
  expect(ended.err.trim().split("\n")).toHaveLength(1);
  for (const word of [/^daguerre: /, ...words]) expect(ended.err).toMatch(word);
  expect(ended.status).not.toBe(0);
}
