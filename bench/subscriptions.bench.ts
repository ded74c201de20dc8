import type { Bench } from "./bench.ts";
import { compareSubscriptions } from "./subscriptions/compare.ts";

const bench: Bench = {
  title: "A crowd that follows one operation, beside the library's plain way",
  run: (context) => compareSubscriptions(context, { apart: false, events: 20 }),
};
export default bench;
