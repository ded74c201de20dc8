import { hkdfSync } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  type KeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import { ArtifactError } from "./artifact.js";

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

export interface KeyWrapper {
  /** Base64 that only the same master key and the same context turn back into the data key. */
  wrap(dataKey: Uint8Array, context: Readonly<Record<string, string>>): Promise<string>;
  /** Throws ArtifactError WRONG_KEY where the key or the context is another; other errors are the keyring's own. */
  unwrap(wrapped: string, context: Readonly<Record<string, string>>): Promise<Buffer>;
}

export function createFileKeyring(masterKey: Uint8Array): KeyringNode {
  return new RawAesKeyringNode({
    keyNamespace: "daguerre",
    keyName: "master",
    unencryptedMasterKey: Uint8Array.from(masterKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}

/** The SDK has no error types: these are its words for a key or a text that does not authenticate. */
const isRefusal = (error: unknown) =>
  error instanceof Error &&
  /unencryptedDataKey has not been set|unable to authenticate data/.test(error.message);

/** Any keyring of the AWS Encryption SDK serves, a KMS one included. */
export function createKeyWrapper(keyring: KeyringNode): KeyWrapper {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  return {
    async wrap(dataKey, context) {
      const { result } = await encrypt(keyring, Buffer.from(dataKey), {
        // Only holders of the master key can write what unwraps; a signature would prove no more, and costs milliseconds.
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
        encryptionContext: { ...context },
      });
      return result.toString("base64");
    },
    async unwrap(wrapped, context) {
      const opened = await decrypt(keyring, Buffer.from(wrapped, "base64")).catch((cause: unknown) => {
        if (!isRefusal(cause)) throw cause;
        throw new ArtifactError("WRONG_KEY", "the master key does not open this artifact", { cause });
      });
      const stored = opened.messageHeader.encryptionContext;
      if (Object.entries(context).some(([name, value]) => stored[name] !== value)) {
        throw new ArtifactError("WRONG_KEY", "the wrapped key belongs to another artifact");
      }
      return opened.plaintext;
    },
  };
}
