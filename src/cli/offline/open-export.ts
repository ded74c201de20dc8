import { systemClock } from "../../clock.js";
import { createLadybugEngine } from "../../engines/ladybug/ladybug-engine.js";
import { readExportFile } from "../../artifacts/export-file.js";
import type { Generation, QueryResult } from "../../engines/engine.js";

export interface OpenedExport {
  readonly query: (statement: string) => Promise<QueryResult>;
  readonly close: () => Promise<void>;
}

/** Builds the exported data in `folder` and opens it with the engine; nothing else runs. The caller removes the folder. */
export async function openExportFile(path: string, folder: string): Promise<OpenedExport> {
  const engine = createLadybugEngine({ directory: folder, clock: systemClock });
  const file = await readExportFile(path);
  const generation: Generation = {
    instanceId: file.subject.instanceId,
    number: 1,
    version: file.subject.version,
  };
  try {
    await engine.stage(generation, file.layers);
    await engine.check(generation);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return {
    query: (text) => engine.query(generation, { text }),
    close: () => engine.close(),
  };
}
