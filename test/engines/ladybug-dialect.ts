import type { EngineDialect } from "../conformance/engine/harness.js";

const list = "MATCH (r:Record) RETURN r.id AS id, r.n AS n ORDER BY r.id";

const a = {
  elementId: "1:0",
  labels: ["Person"],
  properties: { name: "a", born: "2000-01-01", times: ["P1D"] },
};
const b = { elementId: "1:1", labels: ["Person"], properties: { name: "b" } };
const knows = {
  elementId: "2:0",
  startNodeElementId: "1:0",
  endNodeElementId: "1:1",
  type: "Knows",
  properties: { since: "2020-01-01" },
};

export const ladybugDialect: EngineDialect = {
  prepare: [
    { text: "CREATE NODE TABLE Record(id INT64 PRIMARY KEY, n INT64)" },
    { text: "CREATE NODE TABLE Person(name STRING PRIMARY KEY, born DATE, times INTERVAL[], extra STRING)" },
    { text: "CREATE REL TABLE Knows(FROM Person TO Person, since DATE)" },
    {
      text: "CREATE (:Person {name: 'a', born: date('2000-01-01'), times: [interval('1 day')]})-[:Knows {since: date('2020-01-01')}]->(:Person {name: 'b'})",
    },
  ],
  add: (records) => ({
    text: "UNWIND $records AS record CREATE (:Record {id: record.id, n: record.n})",
    parameters: { records },
  }),
  addAndList: (records) => ({
    text: "UNWIND $records AS record CREATE (:Record {id: record.id, n: record.n}) WITH count(*) AS c MATCH (r:Record) RETURN r.id AS id, r.n AS n",
    parameters: { records },
  }),
  incrementAll: { text: "MATCH (r:Record) SET r.n = r.n + 1" },
  list: { text: list },
  count: { text: "MATCH (r:Record) RETURN count(*)" },
  longRead: {
    text: "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN sum((a * b + c) % 7)",
  },
  longWrite: {
    text: "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c WITH sum((a * b + c) % 7) AS n CREATE (:Record {id: n, n: 0})",
  },
  malformed: { text: "MATCH oops" },
  breaking: [
    { text: "MATCH (p:Person {name: 'a'}) DELETE p" },
    { text: "MATCH (p:Person {name: 'b'}) DELETE p" },
    { text: "CREATE (:Person {name: 'a'})" },
    { text: "CREATE (:Person {name: 'c', born: date('2000-13-01')})" },
    { text: "MATCH (r:Record) SET r.n = 9223372036854775807 + r.id" },
  ],
  failing: [
    { text: "MATCH (r:Record) RETURN r.id / r.n" },
    { text: "MATCH (r:Record) SET r.n = r.id % r.n" },
    { text: "RETURN 1 / 0" },
    { text: "MATCH (r:Record) RETURN [1, 2][r.id + 4]" },
  ],
  forbidden: [
    { text: "COPY Record FROM 'x'" },
    { text: "LOAD FROM 'x' RETURN *" },
    { text: "CALL threads=1" },
  ],
  values: [
    { name: "integer", statement: { text: "RETURN -42" }, expected: -42 },
    {
      name: "integer beyond 2^53, sent",
      statement: { text: "RETURN $n", parameters: { n: 9007199254740993n } },
      expected: 9007199254740993n,
    },
    {
      name: "integer beyond 2^53, asked for exactly",
      statement: { text: "RETURN CAST(9007199254740993 AS INT128)" },
      expected: 9007199254740993n,
    },
    { name: "date", statement: { text: "RETURN date('2024-02-29')" }, expected: "2024-02-29" },
    {
      name: "local instant",
      statement: { text: "RETURN timestamp('2024-02-29 10:11:12.5')" },
      expected: "2024-02-29T10:11:12.500",
    },
    {
      name: "instant",
      statement: { text: "RETURN CAST('2024-02-29 10:11:12+02:00' AS TIMESTAMP_TZ)" },
      expected: "2024-02-29T08:11:12.000Z",
    },
    {
      name: "duration",
      statement: { text: "RETURN interval('3 days 04:05:06.5')" },
      expected: "P3DT4H5M6.5S",
    },
    { name: "bytes", statement: { text: "RETURN blob('AB')" }, expected: "QUI=" },
    { name: "not a number", statement: { text: "RETURN 0.0 / 0.0" }, expected: "NaN" },
    { name: "infinity", statement: { text: "RETURN -1.0 / 0.0" }, expected: "-Infinity" },
    { name: "null", statement: { text: "RETURN CAST(null AS STRING)" }, expected: null },
    { name: "text", statement: { text: "RETURN $s", parameters: { s: "é😀'\\" } }, expected: "é😀'\\" },
    {
      name: "list of dates",
      statement: { text: "RETURN [date('2024-01-01'), date('2024-01-02')]" },
      expected: ["2024-01-01", "2024-01-02"],
    },
    {
      name: "map with an inner date",
      statement: { text: "RETURN {a: 1, b: {c: date('2024-01-01')}, d: [interval('1 day')]}" },
      expected: { a: 1, b: { c: "2024-01-01" }, d: ["P1D"] },
    },
    {
      name: "keyed map",
      statement: { text: "RETURN map(['k'], [date('2024-01-01')])" },
      expected: { k: "2024-01-01" },
    },
    {
      name: "node, without the properties that it lacks",
      statement: { text: "MATCH (p:Person {name: 'a'}) RETURN p" },
      expected: a,
    },
    { name: "relationship", statement: { text: "MATCH ()-[k:Knows]->() RETURN k" }, expected: knows },
    {
      name: "path",
      statement: { text: "MATCH p = (:Person)-[:Knows]->(:Person) RETURN p" },
      expected: [a, knows, b],
    },
    {
      name: "path, against its direction",
      statement: { text: "MATCH p = (:Person)<-[:Knows]-(:Person) RETURN p" },
      expected: [b, knows, a],
    },
    {
      name: "relationships of a pattern of many steps",
      statement: { text: "MATCH (:Person)-[k:Knows*1..2]->(:Person) RETURN k" },
      expected: [knows],
    },
    { name: "list of nodes", statement: { text: "MATCH (p:Person) RETURN collect(p)" }, expected: [a, b] },
  ],
};
