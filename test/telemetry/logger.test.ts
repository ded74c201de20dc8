import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/telemetry/logger.js";
import { acceptRequestId, runInScope } from "../../src/telemetry/request-scope.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function capture() {
  const lines: string[] = [];
  const logger = createLogger({ level: "trace", destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown> };
}

it("names the request on every line that is written for it", () => {
  const { logger, last } = capture();
  runInScope({ requestId: "req-12345678" }, () => logger.info("inside"));
  expect(last()).toMatchObject({ msg: "inside", requestId: "req-12345678" });
  logger.info("outside");
  expect(last()).not.toHaveProperty("requestId");
});

it("blots out what carries a key", () => {
  const { logger, lines } = capture();
  logger.info({ headers: { authorization: "Bearer top" }, secret: "top", a: { b: { password: "top" } } });
  expect(lines.join()).not.toContain("top");
});

it.each([
  ["a value that Postgres cannot read", sql`select ${"sesame"}::int`],
  ["a value that a constraint refuses", sql`insert into projects (id, name) values (null, ${"sesame"})`],
])("says what failed without %s", async (_, statement) => {
  const { logger, lines, last } = capture();
  const error: unknown = await database.db.execute(statement).catch((reason: unknown) => reason);
  logger.error({ err: error }, "failed");
  expect(lines.join()).not.toContain("sesame");
  const { err } = last() as { err: { message: string; stack: string; cause: { code: string } } };
  expect(err.message).toContain("Failed query");
  expect(err.stack).toMatch(/^\s+at /);
  expect(err.cause.code).toMatch(/^2\d/);
});

it.each([
  ["order-4711.b", "order-4711.b"],
  ["short", "made"],
  ["line\nbreak, and more", "made"],
  [undefined, "made"],
])("takes the client's request id %j as %s", (given, expected) => {
  expect(acceptRequestId(given, () => "made")).toBe(expected);
});
