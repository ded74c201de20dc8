/** Snapshots and restores one file, and tells by how much the resident set grew. Arguments: a folder, the file. */
import { createParts, generation, partOf } from "./snapshots.ts";

const [directory = "", file = ""] = process.argv.slice(2);
const { artifacts, engine, write } = createParts(directory);

async function growthOf(work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 5);
  await work();
  look();
  clearInterval(timer);
  return Math.round((peak - start) / 2 ** 20);
}

const start = process.memoryUsage.rss();
let ref = { key: "s/", sha256: "" };
const writeMiB = await growthOf(async () => {
  ref = await write("s/", [await partOf(file)]);
  await artifacts.verify(ref);
});
const restoreMiB = await growthOf(() => engine.stage(generation(1), artifacts.read([ref])));
await artifacts.remove("s/");
await engine.drop(generation(1));
process.stdout.write(JSON.stringify({ writeMiB, restoreMiB }), () => process.exit(0));
