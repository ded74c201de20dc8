import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startService, type Service } from "../../src/app/service.js";
import {
  createDaguerre,
  CreateInstanceDocument,
  granted,
  TakeSnapshotDocument,
  type Daguerre,
} from "../../src/client/index.js";
import { loadConfig } from "../../src/config/config.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url);

let folder: string;
let database: TestDatabase;
let service: Service;
let daguerre: Daguerre;
let instanceId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dag-recipes-"));
  database = await createTestDatabase();
  service = await startService(
    loadConfig({ DAGUERRE_HOME: folder, DATABASE_URL: database.url, PORT: "0", DAGUERRE_LOG_LEVEL: "fatal" }),
  );
  vi.stubEnv("DAGUERRE_URL", service.graphqlUrl);
  vi.stubEnv("DAGUERRE_KEY", service.adminKey);
  daguerre = createDaguerre({ url: service.graphqlUrl, key: service.adminKey ?? "" });
  const place = { cloudProvider: "AWS", region: "eu-west-1" } as const;
  // The tier whose instances take no snapshots of their own, which could find a recipe at work, or be found.
  const input = { name: "recipes", tier: "FREE", version: "V5", ...place } as const;
  const { operation, instance } = granted(
    (await daguerre.request(CreateInstanceDocument, { input })).createInstance,
  );
  instanceId = instance?.id ?? "";
  await daguerre.wait(operation.id);
});
afterAll(async () => {
  await daguerre.close();
  await service.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** Runs a recipe as the program that it is; answers what it prints. */
async function typescript(name: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const say = (...words: unknown[]) => void lines.push(words.join(" "));
  vi.spyOn(console, "log").mockImplementation(say);
  vi.spyOn(console, "error").mockImplementation(say);
  const argv = process.argv;
  process.argv = ["node", name, ...args];
  vi.resetModules();
  await import(new URL(`docs/recipes/${name}.ts`, root).href);
  process.argv = argv;
  vi.restoreAllMocks();
  return lines.join("\n");
}
const pathOf = (name: string) => new URL(`docs/recipes/${name}.sh`, root).pathname;
/** Wherever one stands. A refusal is told and ends with status 1. */
const curl = async (name: string, ...args: string[]) => {
  const program = run("bash", ["-euo", "pipefail", pathOf(name), ...args], { cwd: folder });
  return (await program.catch((error: { stdout: string }) => error)).stdout.trim();
};

const recipes = { typescript, curl };
it.each(["typescript", "curl"] as const)(
  "takes, lists, exports and restores as the recipes for %s say",
  async (by) => {
    const recipe = recipes[by];
    const taken =
      /^taken: (snap_\w+)$/m.exec(await recipe("take-and-wait", instanceId, "nightly"))?.[1] ?? "";
    expect(taken).toMatch(/^snap_/);
    expect(await recipe("list-exportable", instanceId)).toContain(taken);
    const file = join(folder, `${by}.backup`);
    await recipe("export", taken, file);
    expect((await stat(file)).size).toBeGreaterThan(0);
    await recipe("restore", taken, "no");
    expect(await recipe("restore", taken, "RESTORE")).toContain("restored");
    expect(await recipe("restore", taken, "restore")).toMatch(/Run again|refused: Type the word RESTORE/);
  },
);

it("follows the project until it is interrupted", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...words) => {
    lines.push(words.join(" "));
    // The first line says that it listens; then something happens, and then it is enough.
    if (lines.length === 1) void daguerre.request(TakeSnapshotDocument, { input: { instanceId } });
    if (lines.some((line) => line.includes("SUCCEEDED"))) process.emit("SIGINT");
  });
  await import(new URL("docs/recipes/follow-project.ts", root).href);
  vi.restoreAllMocks();
  expect(lines[0]).toBe("INSTANCE recipes RUNNING");
  expect(lines).toContain("OPERATION recipes SnapshotOperation SUCCEEDED 100");
});

it("follows the project by curl, line by line as things happen", async () => {
  const program = spawn("bash", ["-euo", "pipefail", pathOf("follow-project")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const told: { subject: string; operation: { status: string } | null }[] = [];
  for await (const line of createInterface({ input: program.stdout })) {
    const { data } = JSON.parse(line.replace(/^data: /, "")) as {
      data: { projectChanged: (typeof told)[0] };
    };
    told.push(data.projectChanged);
    if (told.length === 1) void daguerre.request(TakeSnapshotDocument, { input: { instanceId } });
    if (told.at(-1)?.operation?.status === "SUCCEEDED") break;
  }
  // With all that it started, as Ctrl-C does.
  process.kill(-(program.pid ?? 0), "SIGINT");
  expect(told[0]).toMatchObject({ subject: "INSTANCE", instance: { name: "recipes", status: "RUNNING" } });
});
