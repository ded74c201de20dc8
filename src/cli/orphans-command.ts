import { join } from "node:path";
import { listArtifacts } from "../artifacts/list-artifacts.js";
import { createFilesystemStore } from "../artifacts/filesystem-store.js";
import { systemClock } from "../clock.js";
import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { createLadybugEngine } from "../engines/ladybug/ladybug-engine.js";
import { type Orphan, removableFrom } from "../operations/orphan.js";
import { orphanGenerations } from "../operations/orphan-generations.js";
import { orphanObjects } from "../operations/orphan-objects.js";
import { createLogger } from "../telemetry/logger.js";
import { CommandFailure } from "./failure.js";
import { formatTable } from "./table.js";
import { withDatabase } from "./with-database.js";

export interface OrphanOptions {
  readonly remove?: boolean;
  readonly unknown?: boolean;
}

/** Shows what lies in DAGUERRE_HOME and no row names, beside a running service or without one. */
export async function runOrphans({ remove = false, unknown = false }: OrphanOptions): Promise<void> {
  if (unknown && !remove)
    throw new CommandFailure("--unknown goes with --remove; the list shows them anyway");
  const { home, orphanGraceMs } = loadConfig(readEnv());
  const clock = systemClock;
  const logger = createLogger({ level: "silent" });
  // The service makes it. Without it, nothing would seem to be left behind.
  const mayBeNew = () => Promise.resolve(false);
  const store = createFilesystemStore({ directory: join(home, "store"), mayBeNew });
  const engine = createLadybugEngine({ directory: join(home, "engines", "ladybug"), clock, logger });
  const artifacts = {
    list: (prefix: string) => listArtifacts(store, prefix),
    remove: (key: string) => (key.endsWith("/") ? store.removeAll(key) : store.remove(key)),
  };
  try {
    await withDatabase(async (db) => {
      const found: Orphan[] = [];
      for (const source of [orphanGenerations({ db }, [engine]), orphanObjects({ db, artifacts })])
        for await (const orphan of source.find()) found.push(orphan);
      const now = clock.now();
      const over = (orphan: Orphan) => orphan.changedAt.getTime() + orphanGraceMs <= now.getTime();
      const chosen = found.filter((orphan) => over(orphan) && (unknown || orphan.origin === "FORGOTTEN"));
      console.log(found.length === 0 ? "Every file has its row." : formatOrphans(found, orphanGraceMs));
      if (!remove) return;
      for (const orphan of chosen) await orphan.remove();
      console.log(`\nRemoved ${chosen.length} of ${found.length}.`);
    });
  } finally {
    await engine.close();
  }
}

function formatOrphans(orphans: readonly Orphan[], graceMs: number): string {
  const rows = orphans.map((orphan) => {
    const { kind, origin, sizeBytes, changedAt, name } = orphan;
    const from = removableFrom(orphan, graceMs);
    return [kind, origin, String(sizeBytes), changedAt.toISOString(), from?.toISOString() ?? "never", name];
  });
  return formatTable(["kind", "origin", "bytes", "last written", "removed from", "name"], rows, 250);
}
