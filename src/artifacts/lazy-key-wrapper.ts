import type { KeyWrapper } from "./key-wrapper.js";

/** Wraps with what `make` makes when there is something to wrap or to open: a keyring's SDK takes its time to load. */
export function createLazyKeyWrapper(make: () => Promise<KeyWrapper>): KeyWrapper {
  let made: Promise<KeyWrapper> | undefined;
  const get = () => (made ??= make());
  return {
    wrap: async (dataKey, context) => (await get()).wrap(dataKey, context),
    unwrap: async (wrapped, context) => (await get()).unwrap(wrapped, context),
    encrypt: async (secret, context) => (await get()).encrypt(secret, context),
    decrypt: async (message, context) => (await get()).decrypt(message, context),
  };
}

/** A wrapper under a master key of a file. */
export const createMasterKeyWrapper = (masterKey: Uint8Array): KeyWrapper =>
  createLazyKeyWrapper(async () => {
    const [{ createKeyWrapper }, { createFileKeyring }] = await Promise.all([
      import("./key-wrapper.js"),
      import("./file-keyring.js"),
    ]);
    return createKeyWrapper(createFileKeyring(masterKey));
  });
