import { GraphQLError, GraphQLInt, GraphQLString } from "graphql";
import { expect, it } from "vitest";
import { EngineError } from "../../src/engines/engine.js";
import { describeError } from "../../src/telemetry/describe-error.js";

const described = (error: unknown) => JSON.stringify(describeError(error));
const refusedByPostgres = () =>
  Object.assign(new Error('date/time field value out of range: "sesame "sesame" sesame"'), {
    code: "22008",
    severity: "ERROR",
    detail: "sesame",
    where: "unnamed portal parameter $1 = 'sesame'",
  });

it.each([
  ["what Postgres could not read", refusedByPostgres()],
  [
    "the same, beneath a resolver",
    new GraphQLError(refusedByPostgres().message, { originalError: refusedByPostgres() }),
  ],
  [
    "a statement's parameters, beneath a resolver",
    new GraphQLError("Failed query: select $1\nparams: sesame", {
      originalError: new Error("Failed query: select $1\nparams: sesame", { cause: refusedByPostgres() }),
    }),
  ],
  ["a value that no scalar takes", thrown(() => GraphQLString.parseValue(["sesame"]))],
  ["a value that a scalar cannot tell", thrown(() => GraphQLInt.serialize("sesame"))],
  [
    "what an engine met, in its own words",
    new EngineError("OTHER", "Cannot convert an array: incompatible STRUCT(sesame STRING)\nand sesame"),
  ],
  ["what it quotes", new EngineError("OTHER", "It failed at 'sesame' and \"sesame\"")],
  [
    "a variable that does not fit",
    new GraphQLError('Variable "$a" got invalid value { sesame: "sesame" }; no.'),
  ],
])("says nothing of %s", (_, error) => {
  expect(described(error)).not.toContain("sesame");
});

it("still says what happened", () => {
  const originalError = new Error("Failed query: select $1\nparams: sesame", { cause: refusedByPostgres() });
  expect(describeError(new GraphQLError(originalError.message, { originalError }))).toMatchObject({
    type: "Error",
    message: "Failed query: select $1",
    cause: { code: "22008", message: 'date/time field value out of range: "…"' },
  });
});

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
