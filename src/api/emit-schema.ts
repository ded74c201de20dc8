import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { buildSchema } from "./build-schema.js";

writeFileSync(new URL("../../schema/schema.graphql", import.meta.url), `${printSchema(buildSchema())}\n`);
