import { describe, expect, it } from "vitest";
import { guardStatement } from "../../src/engines/ladybug/statement-guard.js";

const codeOf = (text: string): string => {
  try {
    guardStatement(text);
    return "allowed";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("allows", () => {
  it.each([
    "MATCH (n) WHERE n.load = 1 RETURN n.copy",
    "MATCH (n:Load) DETACH DELETE n",
    "CREATE (:P {load: 1, use: 'COPY x; LOAD FROM y'});",
    "CREATE p = (:A)-[:R]->(:B) RETURN p",
    "MATCH (n) RETURN n.`; COPY` // ; CHECKPOINT",
    "CALL show_tables() RETURN *",
    "MATCH (n) CALL table_info('A') RETURN *",
    "MATCH (call:Call) WHERE call.call > 1 RETURN call.call AS call",
    "MATCH (n) WHERE n.load WITH n RETURN n",
    "RETURN {call: 1, load: 2}",
    "/* a comment */ RETURN 1 /* another */ // and one more",
    "\ufeffRETURN 1",
    "RETURN 1e5, .5, 1.5e-3",
    "RETURN 'a\\'b', \"c\\\"d\", '/*', `e`",
    "EXPLAIN MATCH (n) RETURN n",
    "CREATE NODE TABLE IF NOT EXISTS A(id INT64 DEFAULT 1, PRIMARY KEY (id))",
    "CREATE NODE TABLE B AS MATCH (a:A) WITH a.id AS id RETURN id",
    "CREATE REL TABLE R(FROM A TO B, since DATE, MANY_ONE)",
    "ALTER TABLE A ADD x INT64",
    "DROP TABLE IF EXISTS A",
    "COMMENT ON TABLE A IS 'x'",
    "CREATE MACRO twice(x) AS x * 2",
    "RETURN 1 AS größe, 2 AS 日本, 3 AS _x$",
  ])("%s", (text) => expect(codeOf(text)).toBe("allowed"));
});

it.each([
  ["signs", "(", 300_000],
  ["words", "a ", 150_000],
  ["comments", "//\n", 300_000],
])("refuses a statement of so many %s that others would wait while they are cut", (_, piece, count) => {
  expect(codeOf(`RETURN ${piece.repeat(count)}`)).toBe("SYNTAX");
  expect(() => guardStatement(`RETURN ${piece.repeat(count)}`)).toThrow("send its values as parameters");
});

it("takes one that is long for what it quotes, or holds thousands of values", () => {
  expect(codeOf(`RETURN '${"x".repeat(2_000_000)}'`)).toBe("allowed");
  expect(codeOf(`RETURN 1${" + 1".repeat(40_000)}`)).toBe("allowed");
});

describe("refuses what reaches beyond the graph", () => {
  it.each([
    "copy P TO 'x'",
    "COPY (MATCH (n) RETURN n) TO 'x.csv'",
    "COPY P FROM $file",
    "LOAD FROM 'x' RETURN *",
    "/* a */ LOAD /* b */ FROM 'x' RETURN *",
    "lOaD//\nfRoM 'x' RETURN *",
    "LOAD WITH HEADERS (a STRING) FROM 'x' RETURN *",
    "MATCH (n) LOAD WITH/**/HEADERS (a STRING) FROM 'x' RETURN *",
    "MATCH (n) LOAD FROM 'x' RETURN *",
    "MATCH (n) LOAD\u180eFROM 'x' RETURN *",
    "MATCH (n) LOAD\u00a0FROM 'x' RETURN *",
    "MATCH (n) LOAD\u001cFROM 'x' RETURN *",
    "MATCH (n)LOAD FROM 'x' RETURN *",
    "RETURN 1 AS a UNION LOAD FROM 'x' RETURN *",
    "WITH 1. AS x LOAD FROM 'x' RETURN *",
    "CREATE NODE TABLE X AS LOAD FROM 'x' RETURN *",
    "CREATE NODE TABLE X(id INT64 PRIMARY KEY) WITH (storage='/tmp/z')",
    "CREATE NODE TABLE X(id INT64 PRIMARY KEY)WITH(storage='/tmp/z')",
    "CREATE REL TABLE X(FROM A TO B) WITH (storage='/tmp/z')",
    "\ufeffLOAD FROM 'x' RETURN *",
    "PROFILE LOAD FROM 'x' RETURN *",
    "EXPLAIN COPY P FROM 'x'",
    "EXPLAIN LOGICAL COPY P FROM 'x'",
    "CALL READ_CSV_SERIAL('x') RETURN *",
    "MATCH (n) CALL read_parquet('x') RETURN *",
    "CALL `read_npy`('x') RETURN *",
    "CALL threads=1",
    "CALL `threads`=1",
    "CALL spill_to_disk=false",
    "CALL home_directory='/x'",
    "CALL current_setting('home_directory') RETURN *",
    "CALL project_graph('g', ['N'], [])",
    "CALL project_graph_cypher('g', 'LOAD FROM \"x\" RETURN *')",
    "CALL show_attached_databases() RETURN *",
    "RETURN 'a\\'' ; CHECKPOINT",
    "MATCH (n) RETURN n; MATCH (m) RETURN m",
    "// c\nBEGIN TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "CHECKPOINT",
    "ANALYZE",
    "EXPORT DATABASE 'x'",
    "IMPORT DATABASE 'x'",
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM 'http://x'",
    "LOAD EXTENSION 'x.so'",
    "LOAD 'x.so'",
    "UNINSTALL httpfs",
    "UPDATE httpfs",
    "ATTACH 'x' AS y (dbtype lbug)",
    "DETACH y",
    "USE y",
    "CREATE GRAPH g",
    "DROP GRAPH g",
    "CREATE USER u",
    "CREATE ROLE r",
    "CREATE INDEX i FOR (n:N) ON (n.s)",
  ])("%s", (text) => expect(codeOf(text)).toBe("FORBIDDEN_STATEMENT"));
});

describe("refuses what Ladybug might cut in another way", () => {
  it.each([
    "/* **/ ' */ LOAD FROM 'x' RETURN *",
    "MATCH (n) /***/ RETURN n",
    "RETURN 1 /* no end",
    "RETURN 'no end",
    'RETURN "no end',
    "RETURN `no end",
    "MATCH (n) WHERE n.id=1LOAD FROM 'x' RETURN *",
    "UNWIND [1e5]AS x RETURN 1e5CREATE",
    "RETURN\u200b1",
    "RETURN\u00851",
    "MATCH (a)\u00ad[]\u00ad(b) RETURN a",
    "RETURN\u00001",
    "",
    "// nothing",
    "OOPS",
  ])("%j", (text) => expect(codeOf(text)).toBe("SYNTAX"));
});

describe("knows what may be a write", () => {
  it.each([
    ["MATCH (n {s: 'create'}) RETURN n.set // MERGE", false],
    ["MATCH (n:Create)-[:SET]->(m) RETURN n.`delete`, $merge, {drop: 1} /* ALTER */", false],
    ["CALL show_tables() RETURN *", false],
    ["MATCH (n)SET n.a=1", true],
    ["MATCH (n) DETACH DELETE n", true],
    ["UNWIND [1] AS x CREATE (:P {id: x})", true],
    ["DROP TABLE P", true],
    ["RETURN nextval('s')", true],
  ] as const)("%s", (text, mayWrite) => expect(guardStatement(text)).toEqual({ mayWrite }));
});
