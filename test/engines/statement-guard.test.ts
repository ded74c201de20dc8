import { expect, it } from "vitest";
import { guardStatement } from "../../src/engines/ladybug/statement-guard.js";

it.each([
  "MATCH (n) WHERE n.load = 1 RETURN n.copy",
  "MATCH (n:Load) DETACH DELETE n",
  "CREATE (:P {load: 1, use: 'COPY x; LOAD FROM y'});",
  "MATCH (n) RETURN n.`; COPY` // ; CHECKPOINT",
  "CALL show_tables() RETURN *",
])("allows %s", (text) => expect(() => guardStatement(text)).not.toThrow());

it.each([
  "copy P TO 'x'",
  "/* a */ LOAD /* b */ FROM 'x' RETURN *",
  "WITH 1. LOAD FROM 'x' RETURN *",
  "RETURN 'a\\'' ; CHECKPOINT",
  "EXPLAIN COPY P FROM 'x'",
  "// c\nBEGIN TRANSACTION",
  "EXPORT DATABASE 'x'",
  "INSTALL httpfs",
  "DETACH y",
  "CREATE GRAPH g",
  "CREATE NODE TABLE X(id INT64 PRIMARY KEY) WITH (storage='/tmp/z')",
  "CALL threads=1",
])("refuses %s", (text) => expect(() => guardStatement(text)).toThrow());
