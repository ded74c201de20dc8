import { hkdfSync } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import {
  AlgorithmSuiteIdentifier,
  EncryptedDataKey,
  type KeyringNode,
  KeyringTraceFlag,
  NodeAlgorithmSuite,
  NodeDecryptionMaterial,
  NodeEncryptionMaterial,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import { z } from "zod";
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

// What a keyring needs to know of how its key will be used; the data itself is sealed by sealing.ts.
const suite = new NodeAlgorithmSuite(
  AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
);

const Wrapped = z.array(z.object({ provider: z.string(), info: z.string(), key: z.base64() })).min(1);

/**
 * Any keyring of the AWS Encryption SDK serves, a KMS one included. It is asked directly: a message of the SDK around
 * each key would hold no more, and opening one costs ten times as much, for every link of a chain.
 */
export function createKeyWrapper(keyring: KeyringNode): KeyWrapper {
  return {
    async wrap(dataKey, context) {
      const material = new NodeEncryptionMaterial(suite, { ...context }).setUnencryptedDataKey(
        Uint8Array.from(dataKey),
        {
          keyNamespace: "daguerre",
          keyName: "data",
          flags: KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY,
        },
      );
      const { encryptedDataKeys } = await keyring.onEncrypt(material);
      const wrapped = encryptedDataKeys.map((each) => ({
        provider: each.providerId,
        info: Buffer.from(each.rawInfo ?? Buffer.from(each.providerInfo)).toString("base64"),
        key: Buffer.from(each.encryptedDataKey).toString("base64"),
      }));
      return Buffer.from(JSON.stringify(wrapped)).toString("base64");
    },
    async unwrap(wrapped, context) {
      const keys = readWrapped(wrapped).map(({ provider, info, key }) => {
        const rawInfo = Buffer.from(info, "base64");
        const encryptedDataKey = Buffer.from(key, "base64");
        return new EncryptedDataKey({
          providerId: provider,
          providerInfo: rawInfo.toString(),
          rawInfo,
          encryptedDataKey,
        });
      });
      const material = new NodeDecryptionMaterial(suite, { ...context });
      const opened = await keyring.onDecrypt(material, keys).catch((cause: unknown) => {
        if (!isRefusal(cause)) throw cause;
        throw new ArtifactError("WRONG_KEY", refusal, { cause });
      });
      if (!opened.hasUnencryptedDataKey) throw new ArtifactError("WRONG_KEY", refusal);
      return unwrapDataKeyOf(opened);
    },
  };
}

const refusal = "the master key does not open this artifact";

/** The SDK has no error types: these are its words for what does not authenticate. */
const isRefusal = (error: unknown) =>
  error instanceof Error && /unable to authenticate data|Unsupported state/.test(error.message);

function readWrapped(wrapped: string): z.infer<typeof Wrapped> {
  try {
    return Wrapped.parse(JSON.parse(Buffer.from(wrapped, "base64").toString()));
  } catch (cause) {
    throw new ArtifactError("WRONG_KEY", "the wrapped key is none of ours", { cause });
  }
}

function unwrapDataKeyOf(material: NodeDecryptionMaterial): Buffer {
  const key = material.getUnencryptedDataKey();
  return key instanceof Uint8Array ? Buffer.from(key) : key.export();
}
