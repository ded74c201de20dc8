// npm writes a lock that `npm ci` then rejects when a registry mirror lacks another platform's
// optional package: the dependency is named, its entry is not. This adds the missing entries
// (name, range as pinned by the dependent, platform from the name), which is all `npm ci` checks.
// Run it after every `npm install`; it changes nothing when nothing is missing.
import { readFileSync, writeFileSync } from "node:fs";

const lockPath = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(lockPath, "utf8"));
const platforms = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "openharmony",
  "sunos",
  "win32",
  "netbsd",
  "openbsd",
  "aix",
];
const architectures = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64", "wasm32"];

let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path ? `${path}/` : ""}node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[`node_modules/${name}`]) continue;
    const words = name.split(/[/-]/);
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~]/, ""),
      optional: true,
      os: platforms.filter((platform) => words.includes(platform)),
      cpu: architectures.filter((architecture) => words.includes(architecture)),
    };
    console.log(`added ${name} ${version}`);
    added++;
  }
}
if (added > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
}
