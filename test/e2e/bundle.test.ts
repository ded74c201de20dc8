import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { connectGateway } from "./gateway.js";
import { buildService, type ServiceProcess, startServiceProcess } from "./service-process.js";

const root = new URL("../../", import.meta.url);
const folder = new URL("dist/bundle/", root);

describe("the bundle that the service is", () => {
  let home: string;
  let database: TestDatabase;
  let service: ServiceProcess;
  const key = "a-key-of-the-bundle";

  beforeAll(async () => {
    await buildService();
    home = await mkdtemp(join(tmpdir(), "dag-bundle-"));
    database = await createTestDatabase();
    service = await startServiceProcess({
      DAGUERRE_HOME: home,
      DAGUERRE_BOOTSTRAP_KEY: key,
      DATABASE_URL: database.url,
      DAGUERRE_COMPILE_AFTER: "0",
    });
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  it("has one graphql, and needs no package but the engine", async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
    const all = texts.join("\n");
    // As graphql itself says of what another copy made.
    expect(all.match(/from another module or realm/g)).toHaveLength(1);
    const imported = [...all.matchAll(/^import (?:[^"]* from )?"([^."][^"]*)";$/gm)].map(([, name]) => name!);
    expect(new Set(imported.filter((name) => !isBuiltin(name)))).toEqual(new Set(["@ladybugdb/core"]));
  });

  it("serves the schema as it is emitted, compiled queries included", async () => {
    const gateway = connectGateway(service.url, key);
    const told = await gateway.ask<IntrospectionQuery>(getIntrospectionQuery({ specifiedByUrl: true }));
    const printed = printSchema(lexicographicSortSchema(buildClientSchema(told)));
    expect(`${printed}\n`).toBe(await readFile(new URL("schema/schema.graphql", root), "utf8"));
    for (let times = 0; times < 2; times++)
      expect(await gateway.ask("{ viewer { role keyName } }")).toMatchObject({ viewer: { role: "ADMIN" } });
  });
});
