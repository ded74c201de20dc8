import { join } from "node:path";
import { openExportFile } from "../offline/open-export.js";
import { startWork } from "./actions.js";
import { downloadExport } from "./download.js";
import { compareFingerprints, takeFingerprint } from "./fingerprint.js";
import { ask, cypher, type Gateway } from "./gateway-client.js";
import { readGraphData } from "./graph-data.js";
import { loadGraph } from "./load-graph.js";
import { showProgress } from "./progress-bar.js";

interface InstanceOperation {
  id: string;
  instance: { id: string };
}
interface SnapshotOperation {
  id: string;
  snapshot: { id: string };
}

const placement = { tier: "PROFESSIONAL", version: "V5", cloudProvider: "AWS" };

/** The whole main job as a client lives it. Throws at the first thing that is not as it should be. */
export async function runTour(gateway: Gateway, folder: string, now: () => Date): Promise<void> {
  const { airports, flights } = readGraphData();
  const stamp = now().toISOString().slice(0, 19);
  const data = await ask<{ locations: { cloudProvider: string; region: string }[] }>(
    gateway,
    "{ locations { cloudProvider region } }",
  );
  const place = data.locations[0] ?? { cloudProvider: placement.cloudProvider, region: "eu-central-1" };

  console.log("\n1. An instance, and a graph in it");
  const creation = await startWork<InstanceOperation>(
    gateway,
    "createInstance",
    { ...placement, ...place, name: `flights ${stamp}` },
    "instance { id }",
  );
  await showProgress(gateway, "Creating the instance", creation.id);
  const query = await queryInstance(gateway, creation.instance.id);
  await loadGraph(query, airports, flights);
  const original = await takeFingerprint(query);

  console.log("\n2. A snapshot, a change, another snapshot");
  const first = await takeSnapshot(gateway, creation.instance.id, "before the change");
  await query("MATCH (a:Airport)-[f:Flight]->(:Airport) WHERE a.state = 'CA' DELETE f");
  await query("MATCH (a:Airport {iata: 'SFO'}) SET a.name = 'Changed by the demo'");
  const changed = await takeFingerprint(query);
  compareFingerprints("The change is there", original, changed, "other");
  await takeSnapshot(gateway, creation.instance.id, "after the change");

  console.log("\n3. Back to the first snapshot");
  const restore = await startWork(gateway, "restoreSnapshot", { snapshotId: first, confirmation: "RESTORE" });
  await showProgress(gateway, "Restoring", restore.id);
  compareFingerprints("The data is what it was", original, await takeFingerprint(query), "same");

  console.log("\n4. One file to take away");
  const exporting = await startWork(gateway, "exportSnapshot", { snapshotId: first });
  await showProgress(gateway, "Exporting", exporting.id);
  const file = await downloadExport(gateway, exporting.id, folder);
  const opened = await openExportFile(file, join(folder, "opened"));
  try {
    compareFingerprints(
      "The file, opened offline, holds it",
      original,
      await takeFingerprint(opened.query),
      "same",
    );
  } finally {
    await opened.close();
  }

  console.log("\n5. A new instance from the snapshot");
  const copying = await startWork<InstanceOperation>(
    gateway,
    "createInstanceFromSnapshot",
    { snapshotId: first, name: `flights copy ${stamp}` },
    "instance { id }",
  );
  await showProgress(gateway, "Creating from the snapshot", copying.id);
  const copy = await queryInstance(gateway, copying.instance.id);
  compareFingerprints(
    "Both instances are equal",
    await takeFingerprint(query),
    await takeFingerprint(copy),
    "same",
  );
}

async function takeSnapshot(gateway: Gateway, instanceId: string, name: string): Promise<string> {
  const operation = await startWork<SnapshotOperation>(
    gateway,
    "takeSnapshot",
    { instanceId, name },
    "snapshot { id }",
  );
  await showProgress(gateway, `Snapshot ${name}`, operation.id);
  return operation.snapshot.id;
}

async function queryInstance(gateway: Gateway, id: string) {
  const { instance } = await ask<{ instance: { connectionUrl: string } }>(
    gateway,
    "query Connection($id: ID!) { instance(id: $id) { connectionUrl } }",
    { id },
  );
  return (statement: string, parameters?: Record<string, unknown>) =>
    cypher(instance.connectionUrl, gateway.key, statement, parameters);
}
