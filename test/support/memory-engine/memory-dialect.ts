import type { EngineDialect } from "../../conformance/engine/harness.js";

export const memoryDialect: EngineDialect = {
  prepare: [],
  add: (records) => ({ text: "ADD", parameters: { records } }),
  addAndList: (records) => ({ text: "ADD AND LIST", parameters: { records } }),
  incrementAll: { text: "INCREMENT ALL" },
  list: { text: "LIST" },
  count: { text: "COUNT" },
  longRead: { text: "WAIT" },
  longWrite: { text: "WAIT AND WRITE" },
  malformed: { text: "OOPS" },
  breaking: [],
  failing: [{ text: "DIVIDE BY ZERO" }],
  forbidden: [{ text: "LOAD FILE" }],
  values: [],
};
