import type { EngineDialect } from "../conformance/engine/harness.js";

const list = "MATCH (r:Record) RETURN r.id AS id, r.n AS n ORDER BY r.id";

export const ladybugDialect: EngineDialect = {
  prepare: [{ text: "CREATE NODE TABLE Record(id INT64 PRIMARY KEY, n INT64)" }],
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
  forbidden: [{ text: "COPY Record TO 'x'" }, { text: "LOAD FROM 'x' RETURN *" }],
  values: [],
};
