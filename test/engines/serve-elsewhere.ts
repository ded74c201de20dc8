/** Another process of the service: opens the generation and stays. Arguments: directory, generation as JSON. */
import { systemClock } from "../../src/clock.js";
import type { Generation } from "../../src/engines/engine.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import { ladybugDialect } from "./ladybug-dialect.js";

const [directory = "", generation = "{}"] = process.argv.slice(2);
const engine = createLadybugEngine({ directory, clock: systemClock });
await engine.query(JSON.parse(generation) as Generation, ladybugDialect.count);
process.stdout.write("open\n");
