import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Artifacts } from "../artifacts/artifact.js";
import type { ArtifactStore } from "../artifacts/artifact-store.js";
import { createArtifacts } from "../artifacts/create-artifacts.js";
import { createFilesystemStore } from "../artifacts/filesystem-store.js";
import type { KeyWrapper } from "../artifacts/key-wrapper.js";
import { createMasterKeyWrapper } from "../artifacts/lazy-key-wrapper.js";
import { deriveLinkKey } from "../artifacts/master-key.js";
import { openMasterKey } from "../artifacts/open-master-key.js";
import type { Clock } from "../clock.js";
import type { Config } from "../config/config.js";
import type { ServiceDatabase } from "../db/client.js";
import { hasKeptObjects } from "../operations/kept-objects.queries.js";
import type { Logger } from "../telemetry/logger.js";

export interface OpenedArtifacts {
  readonly store: ArtifactStore;
  readonly artifacts: Artifacts;
  readonly wrapper: KeyWrapper;
  /** Signs download links. */
  readonly downloadKey: Uint8Array;
}

/** The store below the home folder, and the master key under which all in it is sealed. Throws MasterKeyError. */
export async function openArtifacts(
  config: Config,
  { db, clock, logger }: { readonly db: ServiceDatabase; readonly clock: Clock; readonly logger: Logger },
): Promise<OpenedArtifacts> {
  const mayBeNew = async () => !(await hasKeptObjects(db));
  const store = createFilesystemStore({ directory: join(config.home, "store"), mayBeNew });
  // A database from before keys were noted may have lost its own: what is stored was sealed under it.
  const mayCreate = async () => !config.masterKeyFileGiven && (await mayBeNew()) && (await isEmpty(store));
  const keyFile = { path: config.masterKeyFile, randomBytes, mayCreate };
  const masterKey = await openMasterKey(db, keyFile, clock.now());
  // What is new is made now. What is not there is waited for: /readyz says so, and instances are served meanwhile.
  await store
    .check()
    .catch((error: unknown) => logger.warn({ err: error }, "the store cannot be written to"));
  // Nobody else writes here while this process has the embedded Postgres: every draft is a dead one's.
  if (config.databaseUrl === undefined) await store.sweepTemporary(clock.now());
  const wrapper = createMasterKeyWrapper(masterKey);
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  return { store, artifacts, wrapper, downloadKey: deriveLinkKey(masterKey) };
}

async function isEmpty(store: ArtifactStore): Promise<boolean> {
  for await (const _ of store.list("")) return false;
  return true;
}
