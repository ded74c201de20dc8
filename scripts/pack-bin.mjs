// `npx daguerre` must work where the package is installed, which needs a `bin` in package.json, and in this
// folder at once, which forbids one (see link-own-bin.mjs). So only the packed file has it: npm runs
// `prepack` before it packs or publishes, and `postpack` after.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package.json", import.meta.url);
const { bin: _, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
if (process.argv[2] === "add") manifest.bin = { daguerre: "dist/main.js" };
writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
