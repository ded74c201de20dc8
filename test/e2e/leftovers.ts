import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import pg from "pg";
import { parseIdOf, toGlobalId } from "../../src/ids.js";
import { storeMarker } from "../../src/artifacts/filesystem-store.js";
import { findProcesses } from "./service-process.js";

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath, each.name)));
}

interface Facts {
  readonly live: readonly string[];
  readonly keys: readonly string[];
  readonly unfinished: readonly string[];
}

type List = (text: string, parameters?: readonly unknown[]) => Promise<string[]>;

async function reading<T>(url: string, read: (list: List) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await read(async (text, parameters = []) =>
      (await client.query<{ name: string }>(text, [...parameters])).rows.map(({ name }) => name),
    );
  } finally {
    await client.end();
  }
}

/** Those of the operations that more than one worker has taken up. */
export async function findRetried(url: string, ids: readonly string[]): Promise<Set<string>> {
  const uuids = ids.map((id) => parseIdOf("operation", id));
  const text = "select id as name from operations where attempt > 1 and id = any($1)";
  const found = await reading(url, (list) => list(text, [uuids]));
  return new Set(found.map((uuid) => toGlobalId("operation", uuid)));
}

const readFacts = (url: string): Promise<Facts> =>
  reading(url, async (list) => ({
    live: await list(
      "select id || '/' || generation as name from instances where deleted_at is null and generation > 0",
    ),
    keys: await list(
      `select artifact_key as name from snapshots where artifact_state in ('PRESENT', 'DAMAGED')
         union select object_key from exports where purged_at is null`,
    ),
    unfinished: await list(
      `select kind || ' ' || status as name from operations where status in ('QUEUED', 'RUNNING', 'CANCELING')
         union all select 'snapshot ' || status from snapshots where status in ('PENDING', 'IN_PROGRESS')
         union all select 'instance ' || status from instances
           where status in ('CREATING', 'RESTORING', 'DELETING') and deleted_at is null`,
    ),
  }));

/** What is on the disk and nowhere in the database, or the other way round, and what would never end. */
export async function findLeftovers(home: string, databaseUrl: string): Promise<string[]> {
  const { live, keys, unfinished } = await readFacts(databaseUrl);
  const faults = unfinished.map((each) => `unfinished: ${each}`);
  const folders = new Set(
    (await filesBelow(join(home, "engines", "ladybug"))).map((file) => file.split("/").slice(0, 2).join("/")),
  );
  for (const folder of folders)
    if (!live.includes(folder)) faults.push(`generation without a row: ${folder}`);
  for (const name of live) if (!folders.has(name)) faults.push(`row without a generation: ${name}`);
  const objects = (await filesBelow(join(home, "store"))).filter((name) => name !== storeMarker);
  for (const object of objects)
    if (!keys.some((key) => (key.endsWith("/") ? object.startsWith(key) : object === key)))
      faults.push(`object without a row: ${object}`);
  for (const key of keys)
    if (!objects.some((object) => object.startsWith(key))) faults.push(`row without an object: ${key}`);
  // Children serve live generations only.
  for (const line of await findProcesses(join(home, "engines", "ladybug")))
    if (!live.some((name) => line.includes(`/${name}`))) faults.push(`process without a row: ${line}`);
  return faults;
}
