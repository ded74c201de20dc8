// `npx daguerre` in this folder must find this project's own command without a network and at once. With a
// `bin` in package.json, npx ignores node_modules/.bin and installs the folder into its cache first, running
// `prepare` again. So there is no `bin`, and this puts the command where npx looks, after each build.
import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
if (existsSync(at("../node_modules/.bin")) && existsSync(at("../dist/main.js"))) {
  chmodSync(at("../dist/main.js"), 0o755);
  rmSync(at("../node_modules/.bin/daguerre"), { force: true });
  symlinkSync("../../dist/main.js", at("../node_modules/.bin/daguerre"));
}
