import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  type KeyringNode,
} from "@aws-crypto/client-node";
import { ArtifactError } from "./artifact.js";

/** Keeps small secrets of any length as messages of the AWS Encryption SDK, each under a data key of its own. */
export interface SecretBox {
  /** Base64 that only the same master key and the same context turn back. */
  encrypt(secret: Uint8Array, context: Readonly<Record<string, string>>): Promise<string>;
  /** Throws ArtifactError WRONG_KEY where the key or the context is another; other errors are the keyring's own. */
  decrypt(message: string, context: Readonly<Record<string, string>>): Promise<Buffer>;
}

/** The SDK has no error types: these are its words for a key or a text that does not authenticate. */
const isRefusal = (error: unknown) =>
  error instanceof Error &&
  /unencryptedDataKey has not been set|unable to authenticate data/.test(error.message);

export function createSecretBox(keyring: KeyringNode): SecretBox {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  return {
    async encrypt(secret, context) {
      const { result } = await encrypt(keyring, Buffer.from(secret), {
        // Only holders of the master key can write what opens; a signature would prove no more, and costs milliseconds.
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
        encryptionContext: { ...context },
      });
      return result.toString("base64");
    },
    async decrypt(message, context) {
      const opened = await decrypt(keyring, Buffer.from(message, "base64")).catch((cause: unknown) => {
        if (!isRefusal(cause)) throw cause;
        throw new ArtifactError("WRONG_KEY", "the master key does not open this", { cause });
      });
      const stored = opened.messageHeader.encryptionContext;
      if (Object.entries(context).some(([name, value]) => stored[name] !== value)) {
        throw new ArtifactError("WRONG_KEY", "this was encrypted for another context");
      }
      return opened.plaintext;
    },
  };
}
