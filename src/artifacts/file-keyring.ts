import { type KeyringNode, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/client-node";

/** A keyring of the master key in its file. */
export function createFileKeyring(masterKey: Uint8Array): KeyringNode {
  return new RawAesKeyringNode({
    keyNamespace: "daguerre",
    keyName: "master",
    unencryptedMasterKey: Uint8Array.from(masterKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}
