import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ChildPool } from "../../src/engines/ladybug/child-pool.js";
import { Program } from "../../src/engines/ladybug/program.js";
import { guardStatement } from "../../src/engines/ladybug/statement-guard.js";
import type { QueryResult } from "../../src/engines/engine.js";
import { seededRandom } from "../support/clock.js";

/** Ladybug itself, with nothing before it. */
let pool: ChildPool;
let root: string;
let folder: string;
let secret: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attack-"));
  folder = join(root, "data");
  secret = join(root, "secret.csv");
  await mkdir(folder);
  await writeFile(secret, "a secret of the host\n");
  pool = new ChildPool({
    root,
    nodeBinary: process.execPath,
    maxChildren: 1,
    niceness: 0,
    program: new Program(),
    settings: {
      idleAfterMs: 60_000,
      bufferPoolBytes: 64 * 2 ** 20,
      maxDbSizeBytes: 2 ** 30,
      checkpointWalBytes: 2 ** 30,
      queryTimeoutMs: 5_000,
      maxResultRows: 1_000,
      maxResultBytes: 100_000,
    },
  });
  await ask("CREATE NODE TABLE N(id INT64 PRIMARY KEY, s STRING)");
  await ask("CREATE (:N {id: 1, s: 'x'})");
});
afterAll(async () => {
  await pool.end(folder);
  await pool.close();
  await rm(root, { recursive: true, force: true });
});

const ask = (text: string) => pool.request<QueryResult>(folder, "query", { text, mayWrite: true });
const leaks = (text: string) =>
  ask(text).then(
    ({ values }) => JSON.stringify(values).includes("a secret"),
    () => false,
  );
const isAllowed = (text: string): boolean => {
  try {
    guardStatement(text);
    return true;
  } catch {
    return false;
  }
};

const noise =
  "/* **/ ' */|/***/|/**/|/* ' */|//x\n|//x\r|//'\n|\u180e|\u00a0|\ufeff|\u2028|\u001c|\u0085|\u200b| |\n|'|\"|`|\\|1|1.|.5|1e5|.|:|$|{|}|;|(|)|/*|*/|*|/|,|AS|UNION|WITH|1 AS x|RETURN 1|CALL|x".split(
    "|",
  );

it.each([
  ["one list", "RETURN range(1, 20000)"],
  ["many rows", "UNWIND range(1, 1000) AS i RETURN repeat('x', 1000)"],
  ["a list of lists", "UNWIND range(1, 1000) AS i RETURN [[i, i, i, i], [i, i, i, i], [i, i, i, i], [i, i]]"],
  ["a map", "RETURN map(['k'], [repeat('x', 200000)])"],
  ["a node", "MATCH (n:N) SET n.s = repeat('x', 200000) RETURN n"],
])("answers no more bytes than it may: %s", async (_name, text) => {
  const message =
    "The answer has more than 100000 bytes; ask for fewer rows, properties or elements of lists at a time.";
  await expect(ask(text)).rejects.toMatchObject({ code: "LIMIT", message, outcomeUnknown: false });
  expect((await ask("MATCH (n:N) RETURN n.s, range(1, 10000)")).values[0]?.[0]).toBe("x");
});

it("lets no disguised reading of a file through", { timeout: 120_000 }, async () => {
  const bases = [
    ["LOAD", "FROM", `'${secret}'`, "(file_format='csv')", "RETURN", "*"],
    ["MATCH", "(n:N)", "LOAD", "FROM", `'${secret}'`, "(file_format='csv')", "RETURN", "column0"],
    [
      "RETURN",
      "'x'",
      "AS column0",
      "UNION",
      "LOAD",
      "FROM",
      `'${secret}'`,
      "(file_format='csv')",
      "RETURN",
      "*",
    ],
    ["UNWIND", "[1]", "AS", "x", "LOAD", "FROM", `"${secret}"`, "(file_format='csv')", "RETURN", "*"],
  ];
  const random = seededRandom(20_260);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let dangerous = 0;
  for (let round = 0; round < 1_500; round++) {
    const words = [...pick(bases)];
    for (let times = Math.floor(random() * 3); times > 0; times--)
      words.splice(Math.floor(random() * (words.length + 1)), 0, pick(noise));
    const text = words.join(random() < 0.5 ? " " : pick([" ", "/**/", "\u180e", "\n", "//x\n"]));
    if (!(await leaks(text))) continue;
    dangerous++;
    expect(isAllowed(text), JSON.stringify(text)).toBe(false);
  }
  // Else nothing has been tried.
  expect(dangerous).toBeGreaterThan(100);
});

it.each([
  "/* **/ ' */ LOAD FROM 'FILE' (file_format='csv') RETURN *",
  "MATCH (n:N) LOAD\u180eFROM 'FILE' (file_format='csv') RETURN *",
  "MATCH (n:N) WHERE n.id=1LOAD FROM 'FILE' (file_format='csv') RETURN *",
])("refuses what Ladybug runs: %j", async (attack) => {
  const text = attack.replace("FILE", secret);
  expect(await leaks(text)).toBe(true);
  expect(isAllowed(text)).toBe(false);
});
