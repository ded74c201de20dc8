import type { KeyWrapper } from "./key-wrapper.js";

/** A wrapper under a master key of a file. Its keyring's SDK, which takes its time, is loaded when there is something to wrap or to open. */
export function createMasterKeyWrapper(masterKey: Uint8Array): KeyWrapper {
  let made: Promise<KeyWrapper> | undefined;
  const make = async () => {
    const [{ createKeyWrapper }, { createFileKeyring }] = await Promise.all([
      import("./key-wrapper.js"),
      import("./file-keyring.js"),
    ]);
    return createKeyWrapper(createFileKeyring(masterKey));
  };
  const get = () => (made ??= make());
  return {
    wrap: async (dataKey, context) => (await get()).wrap(dataKey, context),
    unwrap: async (wrapped, context) => (await get()).unwrap(wrapped, context),
    encrypt: async (secret, context) => (await get()).encrypt(secret, context),
    decrypt: async (message, context) => (await get()).decrypt(message, context),
  };
}
