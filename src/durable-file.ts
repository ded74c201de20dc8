import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, link, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeFully } from "./byte-reader.js";

/**
 * Makes a file for its owner's eyes, unless there is one. Whenever the process is killed, the file is whole or not there;
 * where several make it at once, one's stays: read it to learn whose. Resolves once it is on the disk.
 */
export async function createFile(path: string, text: string): Promise<void> {
  if (!existsSync(path)) {
    const draft = `${path}.${randomUUID()}.draft`;
    try {
      await writeDurably(draft, text);
      // A link fails where a name exists; a rename would replace it.
      await link(draft, path);
    } catch (error) {
      if (!existsSync(path)) throw error;
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(dirname(path));
  }
  await removeDrafts(path);
}

/** So much is handed to the disk at a time. */
const flushBytes = 16 * 1024 * 1024;

/**
 * Writes a large file from its front, so that the disk takes what is written while more of it is made. Left to the
 * system, nearly all would wait for the sync at the end, during which nobody else has anything to do.
 */
export class DurableWriter {
  #unflushed = 0;
  #flushing: Promise<void> | undefined;

  constructor(private readonly file: FileHandle) {}

  /** Waits for a disk that is slower than what is written: no more than two flushes' bytes are ever on their way. */
  async write(bytes: Uint8Array): Promise<void> {
    await writeFully(this.file, bytes);
    this.#unflushed += bytes.length;
    if (this.#unflushed < flushBytes) return;
    await this.#flushing;
    this.#unflushed = 0;
    this.#flushing = this.file.datasync();
    // The system tells of a failure once, and whoever waits for this next hears of it.
    this.#flushing.catch(() => undefined);
  }

  /** Resolves once all is on the disk. */
  async finish(): Promise<void> {
    await this.#flushing;
    await this.file.sync();
  }
}

/** New, gone and renamed names are durable only once their folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Those of the killed. One that somebody still writes is of no use either: the file stands. */
async function removeDrafts(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder))
    if (name.startsWith(start) && name.endsWith(".draft")) await rm(join(folder, name), { force: true });
}
