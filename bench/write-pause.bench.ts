import type { Bench, BenchContext } from "./bench.ts";
import { makeGraphFile, people } from "./graph.ts";
import { createParts, generation, layerOf, partOf } from "./snapshots.ts";
import { median, quantile, seededRandom } from "./statistics.ts";

async function run({ quick, directory, log }: BenchContext) {
  const { artifacts, engine, write } = createParts(directory);
  const live = generation(1);
  await engine.stage(live, layerOf(await partOf(await makeGraphFile(directory))));
  const random = seededRandom(3);
  /** When each write began and how long it took. */
  const writes: { at: number; took: number }[] = [];
  const ended = new AbortController();
  const writing = (async () => {
    while (!ended.signal.aborted) {
      const at = performance.now();
      const parameters = { id: Math.floor(random() * people), score: Math.floor(random() * 1e8) / 100 };
      await engine.query(live, { text: "MATCH (p:Person {id: $id}) SET p.score = $score", parameters });
      writes.push({ at, took: performance.now() - at });
    }
  })();

  const snapshots = quick ? 5 : 30;
  const pauses: number[] = [];
  const waits: number[] = [];
  const during: [number, number][] = [];
  for (let number = 0; number < snapshots; number += 1) {
    const before = performance.now();
    const capture = await engine.capture(live);
    const captured = performance.now();
    try {
      const ref = await write(`s/${number}/`, capture.parts);
      await capture.finish();
      await artifacts.verify(ref);
    } finally {
      await capture.release();
    }
    const after = performance.now();
    during.push([captured, after]);
    pauses.push(capture.pausedMs);
    // A write that was waiting when the capture began, or came while it did.
    const met = writes.filter(({ at, took }) => at + took > before && at < captured).map(({ took }) => took);
    waits.push(Math.max(0, ...met));
    log(`snapshot ${number + 1} of ${snapshots}: paused ${Math.round(capture.pausedMs)} ms`);
    // Some writes without a snapshot, to compare with.
    const enough = writes.length + 200;
    while (writes.length < enough) await new Promise((resolve) => setImmediate(resolve));
  }
  ended.abort();
  await writing;
  await engine.close();
  const copying = writes.filter(({ at }) => during.some(([from, to]) => at > from && at < to));
  const quiet = writes.filter(
    ({ at, took }) => !during.some(([from, to]) => at + took > from - 1000 && at < to),
  );
  const ms = (values: readonly number[], share: number) =>
    values.length > 0 ? `${quantile(values, share).toFixed(1)} ms` : "–";
  const line = (what: string, values: readonly number[], aim = "") => [
    what,
    ms(values, 0.5),
    ms(values, 0.99),
    ms(values, 1),
    aim,
  ];
  return {
    columns: ["", "p50", "p99", "max", "aim"],
    rows: [
      line("writers paused, as the engine tells", pauses, "below 150 ms"),
      line("longest wait of a write around a capture", waits, "below 150 ms"),
      line(
        "a write while a snapshot is copied",
        copying.map(({ took }) => took),
      ),
      line(
        "a write without a snapshot",
        quiet.map(({ took }) => took),
      ),
    ],
    notes: [
      `${snapshots} FULL snapshots (capture, write, verify) of 200,000 nodes and 500,000 relationships, one after another, while one writer changes a property of a random node as fast as the engine answers (${writes.length} writes, ${median(writes.map(({ took }) => took)).toFixed(2)} ms at the median).`,
    ],
  };
}

const bench: Bench = { title: "How long a snapshot holds writers up", run };
export default bench;
