import { randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type ByteReader, copyTo, openFileReader } from "../../byte-reader.js";
import { DurableWriter } from "../../durable-file.js";
import { EngineError, type GenerationFootprint, type GenerationId } from "../engine.js";

export const databaseName = "graph.lbug";

/**
 * Where generations lie: `<instance>/<number>/graph.lbug`. What is being made or removed has a suffix to its number, so
 * that a generation is there as a whole or not at all whenever the process is killed; what is left over then is listed
 * under its number, and removed with it.
 */
export class GenerationFiles {
  private wasThere = false;

  constructor(private readonly root: string) {}

  /** Throws where nothing can be written here. What was here once and has gone is not made anew: the data went with it. */
  async probe(): Promise<void> {
    const draft = join(this.root, `probe.${randomUUID()}`);
    await asEngineErrors(async () => {
      if (!this.wasThere) await mkdir(this.root, { recursive: true, mode: 0o700 });
      try {
        await writeFile(draft, "probe");
        this.wasThere = true;
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  folderOf(generation: GenerationId): string {
    return join(this.instanceFolder(generation), String(generation.number));
  }

  /** What is no UUID could lead out of the root, where folders are removed and replaced. */
  private instanceFolder({ instanceId }: GenerationId): string {
    if (!isUuid(instanceId)) throw new EngineError("NOT_FOUND", "An instance's id is a UUID.");
    return join(this.root, instanceId);
  }

  /** Throws NOT_FOUND. */
  require(generation: GenerationId): string {
    const folder = this.folderOf(generation);
    if (!existsSync(join(folder, databaseName))) throw new EngineError("NOT_FOUND", "No such generation.");
    return folder;
  }

  has(generation: GenerationId): boolean {
    return existsSync(join(this.folderOf(generation), databaseName));
  }

  async list(): Promise<GenerationId[]> {
    const found = new Map<string, GenerationId>();
    for (const instanceId of (await namesIn(this.root)).filter(isUuid)) {
      for (const name of await namesIn(join(this.root, instanceId))) {
        const number = Number.parseInt(name, 10);
        if (number > 0) found.set(`${instanceId}/${number}`, { instanceId, number });
      }
    }
    return [...found.values()];
  }

  async inspect(generation: GenerationId): Promise<GenerationFootprint | undefined> {
    const above = this.instanceFolder(generation);
    const folders = (await namesIn(above)).filter((name) => Number.parseInt(name, 10) === generation.number);
    const names = await Promise.all(
      folders.map(async (folder) => [
        folder,
        ...(await namesIn(join(above, folder))).map((name) => join(folder, name)),
      ]),
    );
    const found = await Promise.all(
      names.flat().map((name) => stat(join(above, name)).catch(() => undefined)),
    );
    const there = found.filter((each) => each !== undefined);
    if (there.length === 0) return undefined;
    return {
      sizeBytes: there.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0),
      changedAt: new Date(Math.max(...there.map((each) => each.mtimeMs))),
    };
  }

  async sizeBytes(generation: GenerationId): Promise<number> {
    const folder = this.require(generation);
    const sizes = (await namesIn(folder)).map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  openReader(folder: string, sizeBytes: number): Promise<ByteReader> {
    return openFileReader(join(folder, databaseName), 0, sizeBytes);
  }

  read(folder: string, sizeBytes: number): Readable {
    return createReadStream(join(folder, databaseName), { start: 0, end: sizeBytes - 1 });
  }

  /** Where the next `publish` takes its data from; empty. */
  async prepare(generation: GenerationId): Promise<string> {
    const staging = `${this.folderOf(generation)}.staging`;
    await asEngineErrors(async () => {
      await rm(staging, { recursive: true, force: true });
      await mkdir(staging, { recursive: true, mode: 0o700 });
    });
    return staging;
  }

  /** Writes the database file, durably. Errors of the source pass as they are. */
  async write(staging: string, source: ByteReader, signal?: AbortSignal): Promise<void> {
    const handle = await asEngineErrors(() => open(join(staging, databaseName), "wx", 0o600));
    try {
      const writer = new DurableWriter(handle);
      const write = (bytes: Uint8Array) => asEngineErrors(() => writer.write(bytes));
      await copyTo(source, write, signal).catch((error: unknown) => {
        throw signal?.aborted ? new EngineError("CANCELED", "Canceled.") : error;
      });
      await asEngineErrors(() => writer.finish());
    } finally {
      await handle.close().catch(() => undefined);
    }
  }

  /** Puts what was prepared in the generation's place. `freePlace` ends who serves what stands there. */
  async publish(generation: GenerationId, staging: string, freePlace: () => Promise<void>): Promise<void> {
    const folder = this.folderOf(generation);
    await asEngineErrors(async () => {
      await sync(staging);
      await freePlace();
      await this.setAside(folder, "old");
      await rename(staging, folder);
      await sync(this.instanceFolder(generation));
      await sync(this.root);
      // Again: one may have been starting on the old data.
      await freePlace();
      await rm(`${folder}.old`, { recursive: true, force: true });
    });
  }

  /** Moved away first: whoever would open it again while its process is being ended finds nothing. */
  async remove(generation: GenerationId, endProcess: () => Promise<void>): Promise<void> {
    const folder = this.folderOf(generation);
    await asEngineErrors(async () => {
      await this.setAside(folder, "dropped");
      await endProcess();
      for (const suffix of ["dropped", "old", "staging"])
        await rm(`${folder}.${suffix}`, { recursive: true, force: true });
      // The last one takes its instance's folder along.
      await rmdir(this.instanceFolder(generation)).catch(() => undefined);
    });
  }

  /** A folder that is removed file by file would be a half one in between. */
  private async setAside(folder: string, suffix: string): Promise<void> {
    if (!existsSync(folder)) return;
    await rm(`${folder}.${suffix}`, { recursive: true, force: true });
    await rename(folder, `${folder}.${suffix}`);
  }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;

function toEngineError(error: NodeJS.ErrnoException): EngineError {
  const full = error.code === "ENOSPC" || error.code === "EDQUOT";
  return new EngineError(full ? "OUT_OF_SPACE" : "UNAVAILABLE", error.message, { cause: error });
}

async function asEngineErrors<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw isFileError(error) ? toEngineError(error) : error;
  }
}
