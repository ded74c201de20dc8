// What is built is built again when what it is made of has changed: a digest of that lies beside it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** `folder` is what `build` fills, and `sources` are the files that it depends on, beside the locked packages. */
export async function buildOnce(folder, sources, build) {
  const hash = createHash("sha256");
  for (const path of [...sources, at("package-lock.json"), at("scripts/build-once.mjs")])
    hash.update(`${path}\0`).update(readFileSync(path));
  const wanted = hash.digest("hex");
  const stamp = `${folder}.sha256`;
  if (existsSync(folder) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // A build that is broken off leaves none.
  rmSync(stamp, { force: true });
  await build();
  writeFileSync(stamp, wanted);
}
