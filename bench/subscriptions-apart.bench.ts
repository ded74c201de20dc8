import type { Bench } from "./bench.ts";
import { compareSubscriptions } from "./subscriptions/compare.ts";

const bench: Bench = {
  title: "A crowd each of whom follows an operation of its own",
  run: (context) => compareSubscriptions(context, { apart: true, events: 10 }),
};
export default bench;
