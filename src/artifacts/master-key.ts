import { hkdfSync } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { createFile } from "../durable-file.js";

const keyBytes = 32;

export interface MasterKeyFile {
  readonly path: string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Off where the operator named the file, or a key is in use already: a fresh one in its place would open nothing. */
  readonly createIfAbsent: boolean;
}

/** The message says which file and what to do. */
export class MasterKeyError extends Error {
  override readonly name = "MasterKeyError";
}

/** Reads the 32 bytes that all else hangs on. Throws MasterKeyError, which says what to do about the file. */
export async function readMasterKey({ path, randomBytes, createIfAbsent }: MasterKeyFile): Promise<Buffer> {
  if (createIfAbsent) await createKeyFile(path, randomBytes(keyBytes));
  const { text, mode } = await readKeyFile(path);
  if ((mode & 0o077) !== 0) {
    throw new MasterKeyError(
      `The master key file ${path} is open to others than its owner; run: chmod 600 ${path}`,
    );
  }
  const key = Buffer.from(text, "base64");
  if (key.length !== keyBytes || key.toString("base64") !== text) {
    throw new MasterKeyError(
      `The master key file ${path} does not hold ${keyBytes} bytes in base64; put the right one back.`,
    );
  }
  return key;
}

async function readKeyFile(path: string): Promise<{ text: string; mode: number }> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return { text, mode: (await stat(path)).mode };
  } catch (cause) {
    const [what, cure] = trouble(cause);
    throw new MasterKeyError(
      `The master key file ${path} ${what}: ${cure}, or set DAGUERRE_MASTER_KEY_FILE to where it is.`,
      { cause },
    );
  }
}

function trouble(cause: unknown): readonly [what: string, cure: string] {
  const code = (cause as NodeJS.ErrnoException).code ?? "no reason given";
  switch (code) {
    case "ENOENT":
      return ["is missing", "put it back from your copy"];
    case "EISDIR":
      return ["is a folder", "put the file in its place"];
    case "EACCES":
    case "EPERM":
      return ["may not be read by this user", "make it the user's own, with mode 0600"];
    default:
      return [`cannot be read (${code})`, "put it back from your copy"];
  }
}

async function createKeyFile(path: string, key: Uint8Array): Promise<void> {
  // Left by an earlier version that was killed as it made the file. Nothing can hang on it.
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() && found.size === 0) await rm(path);
  await createFile(path, `${Buffer.from(key).toString("base64")}\n`);
}

/** The key that signs download links; knowing it opens no data. */
export function deriveLinkKey(masterKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", masterKey, "", "daguerre link v1", keyBytes));
}
