import type { Bench, BenchContext } from "./bench.ts";
import { makeGraphFile, people } from "./graph.ts";
import { createParts, generation, layerOf, partOf, type Snapshot } from "./snapshots.ts";
import { quantile, seededRandom, spread, timed } from "./statistics.ts";

const differentials = 23;

async function run({ quick, directory, log }: BenchContext) {
  const { artifacts, engine, write } = createParts(directory);
  const live = generation(1);
  await engine.stage(live, layerOf(await partOf(await makeGraphFile(directory))));
  const random = seededRandom(2);
  const change = () =>
    engine.query(live, {
      text: "UNWIND $changes AS change MATCH (p:Person {id: change.id}) SET p.score = change.score",
      parameters: {
        changes: Array.from({ length: people / 100 }, () => ({
          id: Math.floor(random() * people),
          // Two decimals as in the data, and never a whole number: those would be integers to the engine.
          score: (2 * Math.floor(random() * 5e7) + 1) / 100,
        })),
      },
    });
  const snap = async (key: string, base?: Snapshot) => {
    const capture = await engine.capture(live);
    try {
      const written = await write(key, capture.parts, base);
      await capture.finish();
      return written;
    } finally {
      await capture.release();
    }
  };

  const full = await snap("chain/0/");
  const chain = [full];
  for (let hour = 1; hour <= differentials; hour += 1) {
    await change();
    chain.push(await snap(`chain/${hour}/`, chain.at(-1)));
    if (hour % 6 === 0) log(`${hour} of ${differentials} differentials`);
  }
  const same = await snap("full/");
  const shares = chain.slice(1).map(({ storedBytes }) => (100 * storedBytes) / full.storedBytes);
  const ratios: number[] = [];
  const rounds = quick ? 3 : 15;
  for (let round = 0; round <= rounds; round += 1) {
    const whole = await timed(() => engine.stage(generation(2), artifacts.read([same])));
    const chained = await timed(() => engine.stage(generation(3), artifacts.read(chain)));
    if (round > 0) ratios.push(chained / whole);
    log(`round ${round} of ${rounds}: full ${Math.round(whole)} ms, chain ${Math.round(chained)} ms`);
  }
  await engine.check(generation(3));
  await engine.close();
  const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
  return {
    columns: ["", "measured", "must"],
    rows: [
      ["stored for a FULL", kib(full.storedBytes), ""],
      [
        "stored for a DIFFERENTIAL, of the FULL's (median, largest)",
        `${quantile(shares, 0.5).toFixed(1)} %, ${Math.max(...shares).toFixed(1)} %`,
        "at most 10 %",
      ],
      [
        `restoring 1 FULL and ${differentials} DIFFERENTIAL in a FULL's time (quartiles)`,
        spread(ratios),
        "at most 1.5",
      ],
    ],
    notes: [
      `A graph of 200,000 nodes and 500,000 relationships in the real engine. Before each differential one numeric property of 1 % of the nodes, chosen anew each time, gets another value. Then the last of the chain and a FULL of the same data are restored in turn, ${rounds} rounds.`,
    ],
  };
}

const bench: Bench = { title: "Differentials", run };
export default bench;
