import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const key = `-K ${"1".repeat(64)} -iv ${"2".repeat(32)}`;

/** Of the tools that artifacts are compared with, those that this machine lacks. */
export async function missingTools(): Promise<string[]> {
  const found = await Promise.all(
    ["zstd", "openssl"].map((tool) =>
      run("bash", ["-c", `command -v ${tool}`]).then(
        () => [],
        () => [tool],
      ),
    ),
  );
  return found.flat();
}

const pipe = (line: string) => run("bash", ["-o", "pipefail", "-c", line]);

/** What an administrator would type to keep a file compressed and encrypted, and on the disk when it ends. */
export const packFile = (from: string, to: string) =>
  pipe(`zstd -3 -T1 -q -c '${from}' | openssl enc -aes-256-ctr ${key} > '${to}' && sync '${to}'`);

export const unpackFile = (from: string, to: string) =>
  pipe(`openssl enc -d -aes-256-ctr ${key} -in '${from}' | zstd -d -q -c > '${to}' && sync '${to}'`);
