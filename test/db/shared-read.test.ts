import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/db/client.js";
import { sharedRead, type SharedRead } from "../../src/db/shared-read.js";

interface Statement {
  readonly db: Database;
  readonly projectId: string;
  readonly keys: readonly string[];
  readonly args: object;
}

const [db, other] = [{}, {}] as Database[];
let statements: Statement[];
let stored: Map<string, number>;
let read: SharedRead<object, number>;
beforeEach(() => {
  statements = [];
  stored = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  read = sharedRead<object, number>({
    mostKeys: () => 4,
    read(from, projectId, keys, args) {
      statements.push({ db: from, projectId, keys, args });
      if (keys.includes("broken")) return Promise.reject(new Error("no such luck"));
      return Promise.resolve(new Map(stored));
    },
  });
});

const keysRead = () => statements.map(({ keys }) => keys);

it("reads once for all who ask in one turn, each key once", async () => {
  const answers = await Promise.all([
    read(db!, "p", ["a"], {}),
    read(db!, "p", ["b"], {}),
    read(db!, "p", ["a", "c"], {}),
  ]);
  expect(keysRead()).toEqual([["a", "b", "c"]]);
  expect(answers.map((values) => [values.get("a"), values.get("b"), values.get("c")])).toEqual(
    Array(3).fill([1, 2, undefined]),
  );
});

it("begins no read before it is asked for", async () => {
  const first = read(db!, "p", ["a"], {});
  expect(statements).toEqual([]);
  await first;
  stored.set("a", 10);
  expect((await read(db!, "p", ["a"], {})).get("a")).toBe(10);
  expect(statements).toHaveLength(2);
});

it("keeps databases, projects and arguments apart", async () => {
  await Promise.all([
    read(db!, "p", ["a"], { limit: 1 }),
    read(db!, "p", ["a"], { limit: 2 }),
    read(db!, "q", ["a"], { limit: 1 }),
    read(other!, "p", ["a"], { limit: 1 }),
  ]);
  expect(statements).toEqual([
    { db, projectId: "p", keys: ["a"], args: { limit: 1 } },
    { db, projectId: "p", keys: ["a"], args: { limit: 2 } },
    { db, projectId: "q", keys: ["a"], args: { limit: 1 } },
    { db: other, projectId: "p", keys: ["a"], args: { limit: 1 } },
  ]);
});

it("splits what is too much for one statement, but never what one caller asks for", async () => {
  const five = ["a", "b", "c", "d", "e"];
  await Promise.all([
    read(db!, "p", ["a", "b"], {}),
    read(db!, "p", ["b", "c"], {}),
    read(db!, "p", ["d", "e"], {}),
    read(db!, "p", five, {}),
  ]);
  expect(keysRead()).toEqual([["a", "b", "c"], ["d", "e"], five]);
});

it("tells all who shared a read that it failed, and nobody else", async () => {
  const together = [read(db!, "p", ["a"], {}), read(db!, "p", ["broken"], {})];
  const apart = read(db!, "q", ["a"], {});
  for (const each of together) await expect(each).rejects.toThrow("no such luck");
  expect((await apart).get("a")).toBe(1);
  expect((await read(db!, "p", ["a"], {})).get("a")).toBe(1);
});
