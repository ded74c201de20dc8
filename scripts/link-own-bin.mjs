// `npx daguerre` in this folder must find this package's own command without a network. npm links the
// commands of dependencies only, so this links ours beside them, after the build that makes it.
import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
if (existsSync(at("../node_modules/.bin")) && existsSync(at("../dist/main.js"))) {
  chmodSync(at("../dist/main.js"), 0o755);
  rmSync(at("../node_modules/.bin/daguerre"), { force: true });
  symlinkSync("../../dist/main.js", at("../node_modules/.bin/daguerre"));
}
