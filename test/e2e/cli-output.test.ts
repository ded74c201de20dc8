import { describe, expect, it } from "vitest";
import { compareFingerprints } from "../../src/cli/demo/fingerprint.js";
import { readGraphData } from "../../src/cli/demo/graph-data.js";
import { CommandFailure, describeFailure } from "../../src/cli/failure.js";
import { formatTable } from "../../src/cli/table.js";

const systemError = (code: string, fields: object = {}) =>
  Object.assign(new Error(`${code}: it failed\n    at somewhere`), { code, ...fields });

describe("a failure at the terminal", () => {
  it.each([
    ["port taken", systemError("EADDRINUSE", { port: 4000, syscall: "listen" }), /port 4000 .* set PORT/],
    ["port for root alone", systemError("EACCES", { port: 80, syscall: "listen" }), /port 80; set PORT/],
    ["database unreachable", systemError("ECONNREFUSED", { syscall: "connect" }), /DATABASE_URL/],
    ["database wrapped in another error", new Error("x", { cause: systemError("3D000") }), /DATABASE_URL/],
    [
      "unwritable folder",
      systemError("EACCES", { path: "/data", syscall: "mkdir" }),
      /\/data.*DAGUERRE_HOME/,
    ],
    ["anything else", new Error("two\nlines"), /^two lines$/],
    [
      "what would move the cursor",
      new Error("no table \u001b[2J\u009b1Aname\u202e"),
      /^no table \ufffd\[2J\ufffd1Aname\ufffd$/,
    ],
  ])("is one line with its remedy: %s", (_, error, line) => {
    expect(describeFailure(error)).toMatch(line);
    expect(describeFailure(error)).not.toContain("\n");
  });
});

describe("the demo", () => {
  const print = (digest: string) => ({ airports: 1, flights: 2, digest });

  it("names the comparison that failed", () => {
    expect(() => compareFingerprints("The data is what it was", print("a"), print("b"), "same")).toThrow(
      /comparison failed: The data is what it was/,
    );
    expect(() => compareFingerprints("The change is there", print("a"), print("a"), "other")).toThrow(
      CommandFailure,
    );
  });

  it("reads whole rows of the public graph", () => {
    const { airports, flights } = readGraphData();
    expect(airports).toHaveLength(3376);
    expect(flights).toHaveLength(5366);
    expect(airports.every((airport) => airport.iata !== "" && Number.isFinite(airport.longitude))).toBe(true);
  });
});

describe("a table", () => {
  it("aligns its columns and shows null, big integers and objects", () => {
    expect(
      formatTable(
        ["a", "b"],
        [
          ["long one", null],
          [2n ** 60n, { c: 1 }],
        ],
      ).split("\n"),
    ).toEqual([
      "a                    b",
      "───────────────────  ───────",
      "long one             null",
      '1152921504606846976  {"c":1}',
    ]);
  });

  it("shows letters alone, whatever a file or a tenant wrote into it", () => {
    const hostile = "\u001b]0;title\u0007\r\n\u009b31mred\u202egnp.exe";
    const shown = formatTable([hostile], [[hostile], [{ [hostile]: hostile }]]);
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_C}]/u);
    expect(shown.split("\n")).toHaveLength(4);
    expect(shown).toContain("gnp.exe");
  });
});
