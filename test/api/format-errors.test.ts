import { GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { createErrorFormat } from "../../src/api/format-errors.js";

function tell(code: string) {
  const logged: unknown[] = [];
  const { formatPlain } = createErrorFormat({
    newRequestId: () => "id",
    logError: (error) => void logged.push(error),
  });
  const cause = Object.assign(new Error("Postgres"), { code });
  const originalError = new Error("the statement, and its values", { cause });
  return { told: formatPlain(new GraphQLError(originalError.message, { originalError })), logged };
}

it("says what to do about a statement that took too long, and logs it", () => {
  const { told, logged } = tell("57014");
  expect(told).toMatchObject({ extensions: { code: "TOOK_TOO_LONG", requestId: "id" } });
  expect(told.message).toMatch(/ask for less/);
  expect(logged).toHaveLength(1);
});

it("says nothing of what else went wrong but an id", () => {
  const { told, logged } = tell("42P01");
  expect(told).toMatchObject({ extensions: { code: "INTERNAL_SERVER_ERROR", requestId: "id" } });
  expect(told.message).not.toMatch(/statement/);
  expect(logged).toHaveLength(1);
});
