import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../engine.js";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 20);

/**
 * Where the sockets of one data folder are: short, since a socket's path has room for some 100 characters. The
 * place is guessable and others may write beside it, so whoever speaks there must be this user: throws
 * EngineError (UNAVAILABLE) where the folder is somebody else's or open to others.
 */
export async function openSocketFolder(root: string): Promise<string> {
  const folder = join(tmpdir(), `dag-${hash(root)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const { uid, mode } = await lstat(folder).then(
    (found) => (found.isDirectory() ? found : { uid: -1, mode: 0 }),
    () => ({ uid: -1, mode: 0 }),
  );
  const isOwn = process.getuid === undefined || uid === process.getuid();
  if (isOwn && (mode & 0o077) === 0) return folder;
  throw new EngineError(
    "UNAVAILABLE",
    `${folder} is not a folder of this user's alone, so the engine's sockets are not safe there; remove it.`,
  );
}

export const socketIn = (socketFolder: string, dataFolder: string): string =>
  join(socketFolder, hash(dataFolder));
