import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { snapshotRow } from "../snapshots/rows.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

let edge: Edge;
let instanceId: string;
beforeAll(async () => {
  edge = await startEdge();
  instanceId = toGlobalId("instance", edge.instanceId);
  await edge.db.insert(snapshots).values(snapshotRow(edge.scope, edge.instanceId));
  await edge.insertOperation();
});
afterAll(() => edge.close());

const code = (answer: Answer<unknown>) => answer.errors?.[0]?.extensions.code;

describe("a page of", () => {
  const asks = (list: string) => (args: string) =>
    list === "instances"
      ? edge.ask<Record<string, unknown>>(`{ instances${args} { edges { cursor } } }`)
      : edge.ask<Record<string, unknown>>(
          `{ instance(id: "${instanceId}") { ${list}${args} { edges { cursor } } } }`,
        );

  describe.each(["instances", "snapshots", "operations"])("%s is refused", (list) => {
    const ask = asks(list);
    it.each([
      ["first: 0", "(first: 0)"],
      ["first: -1", "(first: -1)"],
      ["first: 101", "(first: 101)"],
      ["first: 100000", "(first: 100000)"],
      ["last: 0", "(last: 0)"],
      ["last: 100000", "(last: 100000)"],
      ["first with last", "(first: 1, last: 1)"],
      ["a garbage cursor", '(after: "garbage")'],
      ["an empty cursor", '(after: "")'],
      ["a cursor of other bytes", `(before: "${Buffer.from([0, 255, 1]).toString("base64url")}")`],
      [
        "a cursor whose instant is none",
        `(after: "${Buffer.from(`a|x|${randomUUID()}`).toString("base64url")}")`,
      ],
      [
        "a cursor beyond all time",
        `(after: "${Buffer.from(`a|9e99|${randomUUID()}`).toString("base64url")}")`,
      ],
    ])("for %s", async (_, args) => {
      const answer = await ask(args);
      expect(code(answer)).toBe("BAD_USER_INPUT");
      expect(answer.errors?.[0]?.message).toMatch(/first|last|after|before/);
    });

    it.each(["first: 9999999999", 'first: "1"', "first: 1.5"])("for %s, which is no Int", async (args) => {
      expect(code(await ask(`(${args})`))).toBe("GRAPHQL_VALIDATION_FAILED");
    });
  });

  it.each(["instances", "operations"])("snapshots is refused for a cursor of %s", async (other) => {
    const given = await asks(other)("(first: 1)");
    const cursor = /"cursor":"([\w-]+)"/.exec(JSON.stringify(given.data))?.[1];
    expect(cursor).toBeDefined();
    const answer = await asks("snapshots")(`(after: "${cursor}")`);
    expect(code(answer)).toBe("BAD_USER_INPUT");
    expect(answer.errors?.[0]?.message).toMatch(/another list/);
  });

  it("snapshots is refused for a cursor of another filter", async () => {
    const given = await asks("snapshots")("(first: 1, filter: { kind: FULL })");
    const cursor = /"cursor":"([\w-]+)"/.exec(JSON.stringify(given.data))?.[1];
    expect(code(await asks("snapshots")(`(after: "${cursor}", filter: { exportableOnly: true })`))).toBe(
      "BAD_USER_INPUT",
    );
  });
});

describe("a cursor that a client has changed", () => {
  it.each([
    ["36 dashes", "-".repeat(36)],
    ["dashes out of place", "0".repeat(9) + "-0000-0000-0000-" + "0".repeat(11)],
    ["too short an id", "0-0-0-0-0"],
  ])("is refused for an id of %s", async (_, id) => {
    for (const list of ["instances", "snapshots", "operations"])
      expect(code(await changed(list, (key, ms) => [key, ms, id]))).toBe("BAD_USER_INPUT");
  });

  it.each(["8640000000000000", "-8640000000000000", "253402300800000", "-62135596800001", "0.5"])(
    "is refused for the instant %s",
    async (ms) => {
      for (const list of ["instances", "snapshots", "operations"])
        expect(code(await changed(list, (key, _ms, id) => [key, ms, id]))).toBe("BAD_USER_INPUT");
    },
  );

  it.each(["253402300799999", "-62135596800000", "0"])("is heeded for the instant %s", async (ms) => {
    for (const list of ["instances", "snapshots", "operations"])
      expect((await changed(list, (key, _ms, id) => [key, ms, id])).errors).toBeUndefined();
  });

  /** Asks for what follows a cursor of the list's own, of which parts are others. */
  async function changed(list: string, change: (key: string, ms: string, id: string) => string[]) {
    const ask = (args: string) => {
      const page = `${list}${args} { edges { cursor } }`;
      return edge.ask(list === "instances" ? `{ ${page} }` : `{ instance(id: "${instanceId}") { ${page} } }`);
    };
    const given = /"cursor":"([\w-]+)"/.exec(JSON.stringify((await ask("")).data))?.[1];
    const [key, ms, id] = Buffer.from(given ?? "", "base64url")
      .toString()
      .split("|");
    const cursor = Buffer.from(change(key!, ms!, id!).join("|")).toString("base64url");
    return ask(`(after: "${cursor}")`);
  }
});

it("none of this was a fault of ours", () => {
  expect(edge.logged).toEqual([]);
});
