import {
  AlgorithmSuiteIdentifier,
  EncryptedDataKey,
  type KeyringNode,
  KeyringTraceFlag,
  NodeAlgorithmSuite,
  NodeDecryptionMaterial,
  NodeEncryptionMaterial,
} from "@aws-crypto/client-node";
import { z } from "zod";
import { ArtifactError } from "./artifact.js";
import { createSecretBox, type SecretBox } from "./secret-box.js";

/** What only the master key opens again; a context says whose it is, and opens nothing of another's. */
export interface KeyWrapper extends SecretBox {
  /** Base64 that only the same master key and the same context turn back into the data key, which has 32 bytes. */
  wrap(dataKey: Uint8Array, context: Readonly<Record<string, string>>): Promise<string>;
  /** Throws ArtifactError WRONG_KEY where the key or the context is another; other errors are the keyring's own. */
  unwrap(wrapped: string, context: Readonly<Record<string, string>>): Promise<Buffer>;
}

// What a keyring must know of the use of its keys: that they have 32 bytes. The data itself is sealed by packing.ts.
const suite = new NodeAlgorithmSuite(
  AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
);

const Wrapped = z.array(z.object({ provider: z.string(), info: z.base64(), key: z.base64() })).min(1);

/** In Base64, the front of a JSON list of objects; a message of the SDK begins with the byte 2. */
const frontOfList = Buffer.from('[{"').toString("base64");

/**
 * Any keyring of the AWS Encryption SDK serves, a KMS one included. It is asked directly: a message of the SDK around
 * each data key would hold no more, and opening one costs eight times as much, for every link of a chain.
 */
export function createKeyWrapper(keyring: KeyringNode): KeyWrapper {
  const box = createSecretBox(keyring);
  return {
    ...box,
    async wrap(dataKey, context) {
      const trace = {
        keyNamespace: "daguerre",
        keyName: "data",
        flags: KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY,
      };
      const material = new NodeEncryptionMaterial(suite, { ...context });
      // A copy: the material claims the memory of what it is given.
      material.setUnencryptedDataKey(Uint8Array.from(dataKey), trace);
      const { encryptedDataKeys } = await keyring.onEncrypt(material);
      const wrapped = encryptedDataKeys.map((each) => ({
        provider: each.providerId,
        info: Buffer.from(each.rawInfo ?? Buffer.from(each.providerInfo)).toString("base64"),
        key: Buffer.from(each.encryptedDataKey).toString("base64"),
      }));
      return Buffer.from(JSON.stringify(wrapped)).toString("base64");
    },
    async unwrap(wrapped, context) {
      // Artifacts of earlier versions have their data key in a message.
      if (!wrapped.startsWith(frontOfList)) return box.decrypt(wrapped, context);
      const material = new NodeDecryptionMaterial(suite, { ...context });
      const opened = await keyring.onDecrypt(material, readWrapped(wrapped));
      if (!opened.hasUnencryptedDataKey)
        throw new ArtifactError("WRONG_KEY", "the master key does not open this artifact");
      const key = opened.getUnencryptedDataKey();
      return key instanceof Uint8Array ? Buffer.from(key) : key.export();
    },
  };
}

function readWrapped(wrapped: string): EncryptedDataKey[] {
  try {
    return Wrapped.parse(JSON.parse(Buffer.from(wrapped, "base64").toString())).map(
      ({ provider, info, key }) => {
        const rawInfo = Buffer.from(info, "base64");
        return new EncryptedDataKey({
          providerId: provider,
          providerInfo: rawInfo.toString(),
          rawInfo,
          encryptedDataKey: Buffer.from(key, "base64"),
        });
      },
    );
  } catch (cause) {
    throw new ArtifactError("WRONG_KEY", "the wrapped key is none of ours", { cause });
  }
}
