import { access, constants, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { CommandFailure, describeFailure } from "../failure.js";
import { formatTable } from "../table.js";
import { openExportFile, type OpenedExport } from "./open-export.js";

/** Opens an export without the service: answers one query, or a prompt until Ctrl-D. Changes die with the temporary folder. */
export async function openFile(path: string, options: { query?: string }): Promise<void> {
  await requireReadable(path);
  const folder = await mkdtemp(join(tmpdir(), "daguerre-open-"));
  try {
    const opened = await openExportFile(path, folder);
    try {
      if (options.query !== undefined) await print(opened, options.query);
      else await prompt(opened);
    } finally {
      await opened.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Before anything is made for it, and in words of its own: other files that may not be opened are the service's. */
async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    if (["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw new CommandFailure(`may not read ${path}; change its permissions, or ask whoever owns it`);
  }
  if (!(await stat(path).catch(() => undefined))?.isFile())
    throw new CommandFailure(`no file at ${path}; name a .backup or .dump file that Daguerre exported`);
}

async function print(opened: OpenedExport, statement: string): Promise<void> {
  const { fields, values } = await opened.query(statement);
  console.log(formatTable(fields, values));
  console.log(`${values.length} ${values.length === 1 ? "row" : "rows"}`);
}

async function prompt(opened: OpenedExport): Promise<void> {
  console.log("Cypher, one statement a line; Ctrl-D ends. The file itself is never changed.");
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== "")
      await print(opened, line).catch((error: unknown) => console.error(describeFailure(error)));
    lines.prompt();
  }
}
