import { afterAll, beforeAll, expect, it } from "vitest";
import { EngineError, type EngineErrorCode, type Statement } from "../../src/engines/engine.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let ran: { instance: string; statement: Statement } | undefined;
beforeAll(async () => {
  edge = await startEdge({
    runStatement: (_viewer, instance, statement) => {
      ran = { instance, statement };
      const code = /^FAIL (\w+)/.exec(statement.text)?.[1] as EngineErrorCode | undefined;
      const outcomeUnknown = statement.text.endsWith("MAYBE");
      if (code) return Promise.reject(new EngineError(code, "It failed.", { outcomeUnknown }));
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

it("gives keys of the role VIEWER reading alone", async () => {
  expect((await post(statement("RETURN 1"), "viewer")).status).toBe(202);
  expect(ran?.statement.access).toBe("READ");
  const refused = await post(statement("CREATE ()", { accessMode: "WRITE" }), "viewer");
  expect(refused).toMatchObject({ status: 403, code: "Neo.ClientError.Security.Forbidden" });
});

it.each([
  ["SYNTAX", 400, "Neo.ClientError.Statement.SyntaxError"],
  ["CONSTRAINT", 400, "Neo.ClientError.Schema.ConstraintValidationFailed"],
  ["FORBIDDEN_STATEMENT", 403, "Neo.ClientError.Security.Forbidden"],
  ["NOT_FOUND", 404, "Neo.ClientError.Database.DatabaseNotFound"],
  ["UNAVAILABLE", 503, "Neo.TransientError.General.DatabaseUnavailable"],
  ["UNAVAILABLE MAYBE", 500, "Neo.DatabaseError.Statement.ExecutionFailed"],
  ["OTHER", 500, "Neo.DatabaseError.General.UnknownError"],
])("tells %s as %i %s", async (name, status, code) => {
  expect(await post(statement(`FAIL ${name}`))).toMatchObject({ status, code });
});

it("refuses what is no request", async () => {
  expect(await post(statement("RETURN 1"), "wrong")).toMatchObject({
    status: 401,
    code: "Neo.ClientError.Security.Unauthorized",
  });
  expect((await post("{")).status).toBe(400);
  expect((await post('{"parameters":{}}')).status).toBe(400);
  expect((await post(statement("RETURN 1"), "member", "ins_x")).status).toBe(404);
  expect((await post(statement(" ".repeat(17 * 1024 * 1024)))).status).toBe(413);
});

it("says whether a statement wrote where it is asked for counters, and takes bookmarks", async () => {
  const answer = await post(statement("RETURN 1", { includeCounters: true, bookmarks: ["FB:kcwQ"] }));
  expect(JSON.parse(answer.text)).toMatchObject({ counters: { containsUpdates: false }, bookmarks: [] });
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
