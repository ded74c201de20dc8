import { join } from "node:path";
import {
  CreateInstanceDocument,
  CreateInstanceFromSnapshotDocument,
  ExportSnapshotDocument,
  granted,
  InstanceDocument,
  LocationsDocument,
  RestoreSnapshotDocument,
  TakeSnapshotDocument,
} from "../../client/index.js";
import { CommandFailure } from "../failure.js";
import { openExportFile } from "../offline/open-export.js";
import { downloadExport } from "./download.js";
import { compareFingerprints, takeFingerprint } from "./fingerprint.js";
import { cypher, type Gateway } from "./gateway-client.js";
import { readGraphData } from "./graph-data.js";
import { loadGraph } from "./load-graph.js";
import { showProgress } from "./progress-bar.js";
import { whenFree } from "./when-free.js";

/**
 * The whole main job as a client lives it. Throws at the first thing that is not as it should be. Answers where in the
 * folder the exported file lies.
 */
export async function runTour(gateway: Gateway, folder: string, now: () => Date): Promise<string> {
  const { airports, flights } = readGraphData();
  const stamp = now().toISOString().slice(0, 19);
  const { daguerre } = gateway;
  const [place] = (await daguerre.request(LocationsDocument)).locations;
  if (!place) throw new CommandFailure("the service has no location for an instance");

  console.log("\n1. An instance, and a graph in it");
  const input = { ...place, name: `flights ${stamp}`, tier: "PROFESSIONAL", version: "V5" } as const;
  const creation = granted(
    (await daguerre.request(CreateInstanceDocument, { input })).createInstance,
  ).operation;
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
  const over = { input: { snapshotId: first, confirmation: "RESTORE" } };
  const restore = await whenFree(
    daguerre,
    async () => (await daguerre.request(RestoreSnapshotDocument, over)).restoreSnapshot,
  );
  await showProgress(gateway, "Restoring", restore.operation.id);
  compareFingerprints("The data is what it was", original, await takeFingerprint(query), "same");

  console.log("\n4. One file to take away");
  const out = { input: { snapshotId: first } };
  const exporting = granted((await daguerre.request(ExportSnapshotDocument, out)).exportSnapshot).operation;
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
  const from = { input: { snapshotId: first, name: `flights copy ${stamp}` } };
  const copied = await daguerre.request(CreateInstanceFromSnapshotDocument, from);
  const copying = granted(copied.createInstanceFromSnapshot).operation;
  await showProgress(gateway, "Creating from the snapshot", copying.id);
  const copy = await queryInstance(gateway, copying.instance.id);
  compareFingerprints(
    "Both instances are equal",
    await takeFingerprint(query),
    await takeFingerprint(copy),
    "same",
  );
  return file;
}

async function takeSnapshot(gateway: Gateway, instanceId: string, name: string): Promise<string> {
  const { daguerre } = gateway;
  const input = { instanceId, name };
  const { operation, snapshot } = await whenFree(
    daguerre,
    async () => (await daguerre.request(TakeSnapshotDocument, { input })).takeSnapshot,
  );
  await showProgress(gateway, `Snapshot ${name}`, operation.id);
  if (!snapshot) throw new CommandFailure("the service named no snapshot");
  return snapshot.id;
}

async function queryInstance(gateway: Gateway, id: string) {
  const { instance } = await gateway.daguerre.request(InstanceDocument, { id });
  const url = instance?.connectionUrl;
  if (!url) throw new CommandFailure("the instance has no address to query");
  return (statement: string, parameters?: Record<string, unknown>) =>
    cypher(url, gateway.key, statement, parameters);
}
