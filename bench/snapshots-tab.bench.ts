import type * as Tenants from "../src/db/tenant-databases.js";
import type * as Snapshots from "../src/snapshots/snapshots.queries.js";
import type { Bench, BenchContext } from "./bench.ts";
import { product } from "./bench.ts";
import { fleetNow, type SeededFleet, startFleets } from "./fleet.ts";
import { fleetInstanceId, fleetProjectId } from "./fleet-seed.ts";
import { median, quantile, timed } from "./statistics.ts";

const rounds = 10;

async function run(context: BenchContext) {
  const { quick } = context;
  const { fleets, close } = await startFleets(context, quick ? [10, 100] : [100, 10_000]);
  try {
    const tabs = await Promise.all(fleets.map(openTabs));
    const times = tabs.map(() => [] as number[]);
    for (const ask of tabs) await ask(500);
    // In turns, so that whatever else the machine does falls on both alike.
    for (let round = 0; round < rounds; round++)
      for (const [index, ask] of tabs.entries()) times[index]!.push(...(await ask(quick ? 50 : 300)));
    const [small] = times.map(median);
    return {
      columns: ["rows", "instances", "p50 ms", "p95 ms", "against the first"],
      rows: fleets.map(({ rows, instances }, index) => [
        rows.toLocaleString("en"),
        instances.toLocaleString("en"),
        median(times[index]!).toFixed(2),
        quantile(times[index]!, 0.95).toFixed(2),
        (median(times[index]!) / small!).toFixed(2),
      ]),
      notes: [
        "The Snapshots tab: 25 rows of what is exportable, of one instance after another, in the order of the tab, by the " +
          "query that GraphQL uses, under row-level security. Each instance has 1,000 snapshots, hourly, scattered over the table as " +
          "time has put them there; its whole list would be read if no index knew what is exportable.",
      ],
    };
  } finally {
    await close();
  }
}

/** Asks for so many instances' tabs, and answers the milliseconds of each. */
async function openTabs({ url, instances }: SeededFleet) {
  const { connectTenants } = await product<typeof Tenants>("db/tenant-databases.js");
  const { listSnapshotPages } = await product<typeof Snapshots>("snapshots/snapshots.queries.js");
  const onIdleError = () => undefined;
  const db = connectTenants({ url, maxConnections: 1, applicationName: "bench", onIdleError }).open(
    fleetProjectId,
  );
  let next = 0;
  return async (count: number): Promise<number[]> => {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const id = fleetInstanceId((next++ * 7919) % instances);
      times.push(
        await timed(async () => {
          const scope = { projectId: fleetProjectId };
          const page = { from: "start", limit: 25 } as const;
          const pages = await listSnapshotPages(db, scope, [id], page, { exportableOnly: true }, fleetNow);
          if ((pages.get(id)?.rows.length ?? 0) < 20) throw new Error("the fleet is not what it should be");
        }),
      );
    }
    return times;
  };
}

export default { title: "The Snapshots tab in a large fleet", run } satisfies Bench;
