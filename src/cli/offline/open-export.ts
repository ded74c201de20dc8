import { mkdir, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { systemClock } from "../../clock.js";
import { createLadybugEngine } from "../../engines/ladybug/ladybug-engine.js";
import { removeSocketFolder } from "../../engines/ladybug/socket-folder.js";
import { ArtifactError } from "../../artifacts/artifact.js";
import { type ExportFile, readExportFile } from "../../artifacts/export-file.js";
import type { Generation, QueryResult } from "../../engines/engine.js";
import { CommandFailure } from "../failure.js";

/** Of nobody: which instance the file names is a stranger's word, and would become a path here. */
const localInstanceId = "00000000-0000-4000-8000-000000000000";

export interface OpenedExport {
  readonly query: (statement: string) => Promise<QueryResult>;
  readonly close: () => Promise<void>;
}

/**
 * Builds the exported data in `folder` and opens it with the engine; nothing else runs, and nothing outside the folder is
 * touched, whoever wrote the file. The caller removes the folder; the engine's sockets beside it go when it closes.
 */
export async function openExportFile(path: string, folder: string): Promise<OpenedExport> {
  const file = await readExportFile(path);
  const engine = createLadybugEngine({ directory: folder, clock: systemClock });
  const { version } = file.subject;
  const generation: Generation = { instanceId: localInstanceId, number: 1, version };
  const close = async () => {
    await engine.close();
    await removeSocketFolder(folder);
  };
  try {
    if (file.subject.engine !== engine.name)
      throw new ArtifactError(
        "UNSUPPORTED",
        `The export file is of the engine ${file.subject.engine}; only ${engine.name}'s can be opened here.`,
      );
    await requireRoom(folder, sizeOf(file));
    await engine.stage(generation, file.layers);
    await engine.check(generation);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    query: (text) => engine.query(generation, { text }),
    close,
  };
}

const sizeOf = ({ header }: ExportFile): number =>
  header.layers.flatMap(({ parts }) => parts).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** A small file may hold much: a disk that it fills is missed by others. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize)
    throw new CommandFailure(
      `the file holds ${bytes} bytes, and ${bavail * bsize} are free in ${dirname(folder)}; set TMPDIR to a folder with more room`,
    );
}
