import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Buckets } from "../../src/api/limits/buckets.js";
import type { HttpParts } from "../../src/app/http-server.js";
import { defaultLimits } from "../../src/config/limits.js";
import {
  EngineError,
  type EngineErrorCode,
  type QueryResult,
  type Statement,
} from "../../src/engines/engine.js";
import { toGlobalId } from "../../src/ids.js";
import { createTestClock } from "../support/clock.js";
import { type Edge, startEdge } from "./edge.js";

/** Every code of an engine; the compiler keeps the table complete. */
const neo4jWords = {
  SYNTAX: [400, "Neo.ClientError.Statement.SyntaxError"],
  CONSTRAINT: [400, "Neo.ClientError.Schema.ConstraintValidationFailed"],
  EVALUATION: [400, "Neo.ClientError.Statement.ArgumentError"],
  PARAMETER: [400, "Neo.ClientError.Statement.ParameterMissing"],
  FORBIDDEN_STATEMENT: [403, "Neo.ClientError.Security.Forbidden"],
  LIMIT: [400, "Neo.ClientError.Statement.ExecutionFailed"],
  MOVED: [503, "Neo.TransientError.General.DatabaseUnavailable"],
  NOT_FOUND: [404, "Neo.ClientError.Database.DatabaseNotFound"],
  UNAVAILABLE: [503, "Neo.TransientError.General.DatabaseUnavailable"],
  CRASHED: [500, "Neo.DatabaseError.General.UnknownError"],
  OUT_OF_SPACE: [507, "Neo.DatabaseError.Transaction.TransactionLogError"],
  CORRUPT: [500, "Neo.DatabaseError.General.StorageDamageDetected"],
  CANCELED: [503, "Neo.TransientError.Transaction.Terminated"],
  OTHER: [500, "Neo.DatabaseError.General.UnknownError"],
} as const satisfies Record<EngineErrorCode, readonly [number, string]>;
let edge: Edge;
let ran: { instance: string; statement: Statement } | undefined;
beforeAll(async () => {
  edge = await startEdge({
    runStatement: (_viewer, instance, statement) => {
      ran = { instance, statement };
      const code = /^FAIL (\w+)/.exec(statement.text)?.[1] as EngineErrorCode | undefined;
      const outcomeUnknown = statement.text.endsWith("MAYBE");
      if (code) return Promise.reject(new EngineError(code, "It failed in /home.", { outcomeUnknown }));
      return Promise.resolve({ fields: ["n"], values: [[2n ** 63n - 1n]], wrote: false });
    },
  });
});
afterAll(() => edge.close());

async function post(
  body: string | Buffer<ArrayBuffer>,
  key: string | undefined = "member",
  id?: string,
  more: Record<string, string> = {},
) {
  const database = id ?? toGlobalId("instance", edge.instanceId);
  const type = { "content-type": "application/json", ...more };
  const headers = key ? { authorization: `Bearer ${key}`, ...type } : type;
  const response = await fetch(`${edge.url}/db/${database}/query/v2`, {
    method: "POST",
    body,
    headers,
  });
  const text = await response.text();
  const code = (JSON.parse(text) as { errors?: { code: string }[] }).errors?.[0]?.code;
  return { status: response.status, text, code };
}
const statement = (text: string, more: object = {}) => JSON.stringify({ statement: text, ...more });

it("answers a statement with integers of 64 bits unharmed, both ways", async () => {
  const answer = await post('{"statement":"RETURN $n AS n","parameters":{"n":9223372036854775807,"f":1.5}}');
  expect(answer.status).toBe(202);
  expect(answer.text).toBe('{"data":{"fields":["n"],"values":[[9223372036854775807]]},"bookmarks":[]}');
  expect(ran).toEqual({
    instance: edge.instanceId,
    statement: { text: "RETURN $n AS n", parameters: { n: 2n ** 63n - 1n, f: 1.5 }, access: "WRITE" },
  });
});

it("takes integers as long as an engine knows them, and refuses longer ones before it reckons with them", async () => {
  const longest = `-${"9".repeat(39)}`;
  expect(
    (await post(`{"statement":"RETURN $n","parameters":{"n":[${longest}, 0.${"1".repeat(99)}]}}`)).status,
  ).toBe(202);
  expect(ran?.statement.parameters).toEqual({ n: [BigInt(longest), 1 / 9] });
  const answer = await post(`{"statement":"RETURN $n","parameters":{"n":${"9".repeat(1_000_000)}}}`);
  expect(answer).toMatchObject({ status: 400, code: "Neo.ClientError.Request.InvalidFormat" });
  expect(answer.text).toContain("more than 39 digits; send it as a string");
});

it("gives keys of the role VIEWER reading alone", async () => {
  expect((await post(statement("RETURN 1"), "viewer")).status).toBe(202);
  expect(ran?.statement.access).toBe("READ");
  const refused = await post(statement("CREATE ()", { accessMode: "WRITE" }), "viewer");
  expect(refused).toMatchObject({ status: 403, code: "Neo.ClientError.Security.Forbidden" });
});

it.each([
  ...Object.entries(neo4jWords).map(([code, [status, word]]) => [code, status, word] as const),
  ...["UNAVAILABLE", "CANCELED", "OUT_OF_SPACE"].map(
    (code) => [`${code} MAYBE`, 500, "Neo.DatabaseError.Statement.ExecutionFailed"] as const,
  ),
])("tells %s as %i %s, in the engine's words", async (name, status, code) => {
  const { text, ...answer } = await post(statement(`FAIL ${name}`));
  expect(answer).toEqual({ status, code });
  const operators = ["OUT_OF_SPACE", "CORRUPT", "OTHER"].includes(name);
  expect(text.includes("It failed in /home.")).toBe(!operators);
  expect(text).toMatch(
    operators ? /(no space left|is damaged|our side).*; request [0-9a-f-]{36}\./ : /It failed/,
  );
  expect(edge.logged.splice(0)).toHaveLength(operators ? 1 : 0);
});

it("refuses what is no request", async () => {
  expect(await post(statement("RETURN 1"), "wrong")).toMatchObject({
    status: 401,
    code: "Neo.ClientError.Security.Unauthorized",
  });
  expect((await post("{")).status).toBe(400);
  expect((await post('{"parameters":{}}')).status).toBe(400);
  expect((await post(statement("RETURN 1"), "member", "ins_x")).status).toBe(404);
  expect((await post(statement(" ".repeat(2 * 1024 * 1024)))).status).toBe(413);
});

it("says whether a statement wrote where it is asked for counters, and takes bookmarks", async () => {
  const answer = await post(statement("RETURN 1", { includeCounters: true, bookmarks: ["FB:kcwQ"] }));
  expect(JSON.parse(answer.text)).toMatchObject({ counters: { containsUpdates: false }, bookmarks: [] });
});

it("looks at no item of what may be long, and tells no error for each", async () => {
  // A value that cannot be one of them would be found by looking at all.
  expect((await post(statement("RETURN 1", { bookmarks: Array(100_000).fill(1) }))).status).toBe(202);
  for (const more of [{ parameters: Array(100_000).fill(1) }, { bookmarks: "x" }]) {
    const answer = await post(statement("RETURN 1", more));
    expect(answer).toMatchObject({ status: 400, code: "Neo.ClientError.Request.Invalid" });
    expect(answer.text).toMatch(/expected a (map|list)/);
    expect(answer.text.length).toBeLessThan(300);
  }
});

it("speaks plain JSON alone", async () => {
  const one = statement("RETURN 1");
  const typed = "application/vnd.neo4j.query";
  expect((await post(one, "member", undefined, { accept: typed })).status).toBe(406);
  expect((await post(one, "member", undefined, { accept: `${typed}, application/json` })).status).toBe(202);
  expect((await post(one, "member", undefined, { "content-type": typed })).status).toBe(415);
  expect((await post(Buffer.from([0x7b, 0xff]))).code).toBe("Neo.ClientError.Request.InvalidFormat");
});

it("impersonates nobody, and knows no transactions of several requests", async () => {
  expect(await post(statement("RETURN 1", { impersonatedUser: "root" }))).toMatchObject({
    status: 400,
    code: "Neo.ClientError.Request.Invalid",
  });
  const begun = await fetch(`${edge.url}/db/x/query/v2/tx`, { method: "POST" });
  expect([begun.status, await begun.json()]).toMatchObject([
    404,
    { errors: [{ code: "Neo.ClientError.Request.Invalid" }] },
  ]);
});

it("is charged to the key's bucket, which GraphQL empties too, and says when to come again", async () => {
  const clock = createTestClock(new Date(0));
  const small = await startEdge({
    buckets: new Buckets({ clock, capacity: 10, perSecond: 2 }),
    runStatement: (_viewer, _instance, { text }) =>
      Promise.resolve({ fields: ["n"], values: Array(Number(text)).fill([1n]) as bigint[][], wrote: false }),
  });
  const run = async (rows: number, key = "member") => {
    const answer = await fetch(`${small.url}/db/${toGlobalId("instance", small.instanceId)}/query/v2`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: statement(String(rows)),
    });
    const body = (await answer.json()) as { errors?: { code: string; message: string }[] };
    const [limit, policy, retryAfter] = ["ratelimit", "ratelimit-policy", "retry-after"].map((name) =>
      answer.headers.get(name),
    );
    return { status: answer.status, limit, policy, retryAfter, error: body.errors?.[0] };
  };
  expect(await run(1)).toMatchObject({ status: 202, policy: '"cost";q=10;w=5', limit: '"cost";r=9;t=1' });
  expect(await run(250)).toMatchObject({ status: 202, limit: '"cost";r=6;t=2' });
  const viewed = await small.ask("{ instances(first: 5) { nodes { id } } }", {}, "member");
  expect(viewed).toMatchObject({ extensions: { cost: { remaining: 4 } } });
  expect(await run(400)).toMatchObject({ status: 202, limit: '"cost";r=0;t=6' });
  const refused = await run(1);
  expect(refused).toMatchObject({ status: 429, retryAfter: "1", limit: '"cost";r=0;t=6' });
  expect(refused.error).toEqual({
    code: "Neo.TransientError.Request.ResourceExhaustion",
    message: "The key has used up what it may cost for now; come again in 1 s.",
  });
  // Neither other keys nor strangers, who are counted by their address, share it.
  expect(await run(1, "viewer")).toMatchObject({ status: 202 });
  for (let tries = 0; tries < 10; tries++) expect(await run(1, "wrong")).toMatchObject({ status: 401 });
  expect(await run(1, "wrong")).toMatchObject({ status: 429 });
  clock.advance(1000);
  expect(await run(1)).toMatchObject({ status: 202 });
  await small.close();
});

describe("what a statement takes", () => {
  const start = async (changes: Partial<HttpParts>) => {
    const clock = createTestClock(new Date(0));
    const held = Promise.withResolvers<QueryResult>();
    const begun = Promise.withResolvers<void>();
    const small = await startEdge({
      clock,
      buckets: new Buckets({ clock, capacity: 100, perSecond: 1 }),
      runStatement: (_viewer, _instance, { text }) => {
        if (text === "HOLD") {
          begun.resolve();
          return held.promise;
        }
        const [ms = 0, size = 0] = text.split(" ").map(Number);
        clock.advance(ms);
        if (size < 0) return Promise.reject(new EngineError("LIMIT", "It ran too long."));
        return Promise.resolve({ fields: ["s"], values: [["x".repeat(size)]], wrote: false });
      },
      ...changes,
    });
    const run = async (
      text: string,
      instance = small.instanceId,
      key = "member",
      signal: AbortSignal | null = null,
    ) => {
      const answer = await fetch(`${small.url}/db/${toGlobalId("instance", instance)}/query/v2`, {
        method: "POST",
        signal,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: statement(text),
      });
      const { errors } = (await answer.json()) as { errors?: { code: string; message: string }[] };
      const left = /r=(\d+)/.exec(answer.headers.get("ratelimit") ?? "")?.[1];
      return {
        status: answer.status,
        left: Number(left),
        retryAfter: answer.headers.get("retry-after"),
        error: errors?.[0],
      };
    };
    return {
      small,
      run,
      clock,
      begun: begun.promise,
      ended: held.promise,
      end: () => held.resolve({ fields: [], values: [], wrote: false }),
    };
  };

  it("is charged when it ends, by its time and bytes, also where it fails", async () => {
    const { small, run } = await start({});
    expect(await run("9")).toMatchObject({ status: 202, left: 99 });
    expect(await run("200")).toMatchObject({ status: 202, left: 78 });
    expect(await run("0 20000")).toMatchObject({ status: 202, left: 75 });
    expect(await run("300 -1")).toMatchObject({ status: 400, left: 44 });
    // Longer than is left: what it took counts all the same, and delays the next.
    expect(await run("1000")).toMatchObject({ status: 202, left: 0 });
    expect(await run("0")).toMatchObject({ status: 429 });
    await small.close();
  });

  it("is a place among those of its key, and given back", async () => {
    const { small, run, begun, end } = await start({ limits: { ...defaultLimits, statementsPerKey: 1 } });
    const first = run("HOLD");
    await begun;
    expect(await run("0")).toMatchObject({
      status: 429,
      retryAfter: "1",
      error: {
        code: "Neo.TransientError.Request.ResourceExhaustion",
        message: "The key has 1 statements under way; come again when one has ended.",
      },
    });
    expect(await run("0", undefined, "admin")).toMatchObject({ status: 202 });
    end();
    expect(await first).toMatchObject({ status: 202 });
    for (let again = 0; again < 3; again++) expect(await run("0")).toMatchObject({ status: 202 });
    expect(await run("0 -1")).toMatchObject({ status: 400 });
    expect(await run("0")).toMatchObject({ status: 202 });
    await small.close();
  });

  it("is under way, and charged, until it has ended, also when its client has left", async () => {
    const { small, run, begun, end, clock, ended } = await start({
      limits: { ...defaultLimits, statementsPerKey: 1 },
    });
    const leave = new AbortController();
    const first = run("HOLD", undefined, undefined, leave.signal);
    await begun;
    leave.abort();
    await expect(first).rejects.toThrow();
    expect(await run("0")).toMatchObject({ status: 429, left: 98 });
    clock.advance(200);
    end();
    await ended;
    expect(await run("0")).toMatchObject({ status: 202, left: 77 });
    await small.close();
  });

  it("is a place for its instance among those of its project, whatever keys it has", async () => {
    const { small, run, begun, end } = await start({ limits: { ...defaultLimits, instancesAtWork: 1 } });
    const first = run("HOLD");
    await begun;
    expect(await run("0")).toMatchObject({ status: 202 });
    expect(await run("0", randomUUID(), "admin")).toMatchObject({
      status: 429,
      retryAfter: "1",
      error: {
        message:
          "The project has statements under way on as many instances as it may; come again when some have ended.",
      },
    });
    end();
    await first;
    expect(await run("0", randomUUID(), "admin")).toMatchObject({ status: 202 });
    await small.close();
  });
});
