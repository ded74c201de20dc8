import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bench } from "./bench.ts";
import { formatFigures, formatReport, writeFigures, writeSection } from "./performance-page.ts";

const ending = ".bench.ts";
const here = fileURLToPath(new URL(".", import.meta.url));
const page = fileURLToPath(new URL("../docs/performance.md", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    /** Only makes what will be measured, and leaves it in the directory for the next call. */
    prepare: { type: "boolean", default: false },
    directory: { type: "string", default: tmpdir() },
  },
});
const known = (await readdir(here))
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));
const strange = positionals.filter((name) => !known.includes(name));
if (strange.length > 0) {
  console.error(`no bench is called ${strange.join(", ")}; there are: ${known.join(", ")}`);
  process.exit(2);
}

const reached: string[][] = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const { default: bench } = (await import(new URL(name + ending, import.meta.url).href)) as {
    default: Bench;
  };
  console.log(`\n## ${bench.title}\n`);
  const prepared = join(values.directory, `daguerre-bench-${name}-prepared`);
  const isPrepared = existsSync(prepared);
  const log = (line: string) => console.error(`  ${line}`);
  if (values.prepare) {
    if (isPrepared) log(`${prepared} is there already`);
    else if (bench.prepare) {
      await mkdir(prepared);
      await bench.prepare({ quick: values.quick, directory: prepared, log });
    }
    continue;
  }
  const directory = isPrepared ? prepared : await mkdtemp(join(values.directory, "daguerre-bench-"));
  try {
    const context = { quick: values.quick, directory, log };
    if (!isPrepared) await bench.prepare?.(context);
    const report = await bench.run(context);
    const day = new Date().toISOString().slice(0, 10);
    const machine = `Measured ${day} on ${availableParallelism()} × ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}.`;
    const text = formatReport({ ...report, notes: [...report.notes, machine] });
    console.log(text);
    if (!values.quick) await writeSection(page, name, bench.title, text);
    reached.push(...(await writeFigures(page, name, report.figures ?? [], !values.quick)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
if (reached.length > 0) console.log(`\n${formatFigures(reached)}`);
// Engines' processes and pools end with this one; nothing is left to wait for.
process.exit(0);
