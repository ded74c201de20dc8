import { createHash } from "node:crypto";
import { lstat, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EngineError } from "../engine.js";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 20);

const placeOf = (root: string): string => join(tmpdir(), `dag-${hash(resolve(root))}`);

/**
 * Where the sockets of one data folder are: short, since a socket's path has room for some 100 characters. The
 * place is guessable and others may write beside it, so whoever speaks there must be this user: throws
 * EngineError (UNAVAILABLE) where the folder is somebody else's or open to others.
 */
export async function openSocketFolder(root: string): Promise<string> {
  const folder = placeOf(root);
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

/**
 * Takes the folder away with a data folder that nobody opens again. An engine that closes must not do so by itself:
 * other processes may share its data, and connect there.
 */
export async function removeSocketFolder(root: string): Promise<void> {
  // What another user has put in its place stays: it is theirs, and harms nothing.
  await rm(placeOf(root), { recursive: true, force: true }).catch(() => undefined);
}

export const socketIn = (socketFolder: string, dataFolder: string): string =>
  join(socketFolder, hash(dataFolder));
