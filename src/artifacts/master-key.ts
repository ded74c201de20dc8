import { hkdfSync } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { type KeyringNode, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/client-node";

const keyBytes = 32;

export interface MasterKeyFile {
  readonly path: string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Off where the operator named the file: a fresh key in its place would open nothing. */
  readonly createIfAbsent: boolean;
}

/** The message says which file and what to do. */
export class MasterKeyError extends Error {
  override readonly name = "MasterKeyError";
}

/** Reads the 32 bytes that all else hangs on. Throws an Error that says what to do about the file. */
export async function readMasterKey({ path, randomBytes, createIfAbsent }: MasterKeyFile): Promise<Buffer> {
  if (createIfAbsent) await createKeyFile(path, randomBytes(keyBytes));
  const found = await stat(path).catch((cause: unknown) => {
    const why = (cause as NodeJS.ErrnoException).code ?? "no reason given";
    throw new MasterKeyError(
      `The master key file ${path} cannot be read (${why}); put it back, or correct DAGUERRE_MASTER_KEY_FILE.`,
      { cause },
    );
  });
  if ((found.mode & 0o077) !== 0) {
    throw new MasterKeyError(
      `The master key file ${path} is open to others than its owner; run: chmod 600 ${path}`,
    );
  }
  const text = (await readFile(path, "utf8")).trim();
  const key = Buffer.from(text, "base64");
  if (key.length !== keyBytes || key.toString("base64") !== text) {
    throw new MasterKeyError(
      `The master key file ${path} does not hold ${keyBytes} bytes in base64; put the right one back.`,
    );
  }
  return key;
}

async function createKeyFile(path: string, key: Uint8Array): Promise<void> {
  let file;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  try {
    await file.writeFile(`${Buffer.from(key).toString("base64")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The key that signs download links; knowing it opens no data. */
export function deriveLinkKey(masterKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", masterKey, "", "daguerre link v1", keyBytes));
}

export function createFileKeyring(masterKey: Uint8Array): KeyringNode {
  return new RawAesKeyringNode({
    keyNamespace: "daguerre",
    keyName: "master",
    unencryptedMasterKey: Uint8Array.from(masterKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}
