#!/usr/bin/env node
// Nothing but Node's own modules may be imported here at the top: an old Node must be told, or replaced by
// the one that npm installed beside us, before it meets syntax and modules that it does not know.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  (await import("./cli/quick-modules.js")).quickenModules();
  const { runCommandLine } = await import("./cli/command-line.js");
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
