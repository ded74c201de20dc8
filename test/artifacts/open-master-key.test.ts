import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { MasterKeyError } from "../../src/artifacts/master-key.js";
import { openMasterKey, replaceMasterKey } from "../../src/artifacts/open-master-key.js";
import { masterKeyCheck } from "../../src/db/tables/index.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const now = new Date("2026-03-01T12:00:00Z");
let database: TestDatabase;
let folder: string;
let path: string;
const fileAt = (path: string, createIfAbsent = true) => ({ path, randomBytes, createIfAbsent });
const open = (at = path, createIfAbsent = true) =>
  openMasterKey(
    database.db,
    { path: at, randomBytes, mayCreate: () => Promise.resolve(createIfAbsent) },
    now,
  );
const writeKey = (at: string) => writeFile(at, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
/** One line that names the file, says what is wrong, and what to do. */
const expectRefusal = async (opening: Promise<unknown>, what: string, at = path) => {
  const error = await opening.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(MasterKeyError);
  expect((error as Error).message).toMatch(
    /^The master key .*(DAGUERRE_MASTER_KEY_FILE|put the right one)[^\n]*\.$/,
  );
  expect((error as Error).message).toContain(at);
  expect((error as Error).message).toContain(what);
};

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "daguerre-key-"));
  path = join(folder, "master.key");
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it("makes a key once, and notes nothing that opens anything", async () => {
  const key = await open();
  expect(await open()).toEqual(key);
  expect(await open(path, false)).toEqual(key);
  const rows = await database.db.select().from(masterKeyCheck);
  expect(rows).toEqual([
    { only: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string, recordedAt: now },
  ]);
  expect(rows[0]?.digest).not.toBe(key.toString("hex"));
});

it("takes the key that is there, where the database knows none yet", async () => {
  await writeKey(path);
  const text = (await readFile(path, "utf8")).trim();
  expect((await open()).toString("base64")).toBe(text);
  expect((await open()).toString("base64")).toBe(text);
});

it("refuses to go on without its key or with another, and takes it again where it is put back", async () => {
  const key = await open();
  const kept = join(folder, "kept.key");
  await rename(path, kept);
  await expectRefusal(open(), "is missing");
  expect(existsSync(path)).toBe(false);
  await writeFile(path, "", { mode: 0o600 });
  await expectRefusal(open(), "does not hold");
  await writeKey(path);
  const other = await readFile(path, "utf8");
  await expectRefusal(open(), "is not the one");
  expect(await readFile(path, "utf8")).toBe(other);
  expect(await open(kept, false)).toEqual(key);
  await rename(kept, path);
  expect(await open()).toEqual(key);
});

it("is made by one of many that start at once, each in a folder of its own", async () => {
  const paths = Array.from({ length: 4 }, (_, index) => join(folder, `${index}.key`));
  const started = await Promise.allSettled(paths.map((path) => open(path)));
  expect(started.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(paths.filter((path) => existsSync(path))).toHaveLength(1);
});

it("is the same for many that start at once in one folder", async () => {
  const keys = await Promise.all([open(), open(), open(), open()]);
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
});

it("makes anew what a killed first start left empty", async () => {
  await writeFile(path, "", { mode: 0o600 });
  await writeFile(`${path}.x.draft`, "hal", { mode: 0o600 });
  expect(await open()).toHaveLength(32);
  expect(existsSync(`${path}.x.draft`)).toBe(false);
});

it("says what is wrong with the file", async () => {
  await expectRefusal(open(path, false), "is missing");
  await mkdir(path);
  await expectRefusal(open(path, false), "is a folder");
  await expectRefusal(open(), "is a folder");
  await expectRefusal(open(join(path, "..", "below.key"), false), "is missing", "below.key");
  const short = join(folder, "short.key");
  await writeFile(short, "short", { mode: 0o600 });
  await expectRefusal(open(short, false), "does not hold", short);
  await expectRefusal(open(join(short, "below"), false), "cannot be read (ENOTDIR)", short);
  await chmod(short, 0o644);
  await expect(open(short, false)).rejects.toThrow(`chmod 600 ${short}`);
  expect(await database.db.$count(masterKeyCheck)).toBe(0);
});

it("is replaced where an operator says that it is lost", async () => {
  const lost = await open();
  expect(await replaceMasterKey(database.db, fileAt(path), now)).toBe(false);
  await rm(path);
  await expectRefusal(replaceMasterKey(database.db, fileAt(path, false), now), "is missing");
  expect(await replaceMasterKey(database.db, fileAt(path), now)).toBe(true);
  const key = await open();
  expect(key).not.toEqual(lost);
  expect(await database.db.$count(masterKeyCheck)).toBe(1);
});
