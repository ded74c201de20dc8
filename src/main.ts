#!/usr/bin/env node
// Nothing but Node's own modules may be imported here at the top: an old Node must be told, or replaced by
// the one that npm installed beside us, before it meets syntax and modules that it does not know.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as modules from "node:module";
import { fileURLToPath } from "node:url";
import type * as CommandLine from "./cli/command-line.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  // What V8 makes of the code is kept beside it, where whoever may write there may write code anyhow; where this process
  // may not, every start compiles anew.
  modules.enableCompileCache(fileURLToPath(new URL("./.cache", import.meta.url)));
  // What scripts/build-bundle.mjs makes of ./cli/command-line.js.
  const bundle = new URL("./bundle/command-line.js", import.meta.url).href;
  const { runCommandLine } = (await import(bundle)) as typeof CommandLine;
  await runCommandLine(process.argv);
} else {
  // Of this checkout, or of the project that this package is installed in.
  const bundled = ["../node_modules/.bin/node", "../../.bin/node"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (bundled) {
    const self = fileURLToPath(import.meta.url);
    const child = spawn(bundled, [self, ...process.argv.slice(2)], { stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => child.kill(signal));
    child.on("exit", (code) => process.exit(code ?? 1));
  } else {
    console.error(
      `daguerre: Node ${process.versions.node} is too old; install Node 22.12 or newer, or install with optional packages, which bring one.`,
    );
    process.exit(1);
  }
}
