import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseIdOf } from "../../src/ids.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { connectGateway, type Gateway, readOperation, start } from "./gateway.js";
import { buildService, findProcesses, type ServiceProcess, startServiceProcess } from "./service-process.js";
import { findProgressFaults, followOperation, type Told } from "./subscriber.js";

const key = randomBytes(16).toString("hex");
const place = { tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" };

/** Both serve requests and run operations; neither knows of the other but through Postgres and the shared folder. */
describe("two processes over one Postgres", () => {
  let home: string;
  let database: TestDatabase;
  let one: ServiceProcess;
  let two: ServiceProcess;
  let gateway: Gateway;
  let instanceId: string;

  const launch = () =>
    startServiceProcess({ DAGUERRE_HOME: home, DAGUERRE_BOOTSTRAP_KEY: key, DATABASE_URL: database.url });

  beforeAll(async () => {
    await buildService();
    home = await mkdtemp(join(tmpdir(), "dag-two-"));
    database = await createTestDatabase();
    one = await launch();
    two = await launch();
    gateway = connectGateway(one.url, key);
    instanceId = (await start(gateway, "createInstance", { ...place, name: "shared" })).instance?.id ?? "";
    const table = "CREATE NODE TABLE Mark(id INT64 PRIMARY KEY, text STRING)";
    await vi.waitFor(
      async () => expect(await gateway.query(instanceId, table)).toMatchObject({ status: 202 }),
      { timeout: 30_000 },
    );
    const fill = "UNWIND range(1, 50000) AS i CREATE (:Mark {id: i, text: 'mark ' + cast(i, 'STRING')})";
    expect(await gateway.query(instanceId, fill)).toMatchObject({ status: 202 });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await vi.waitFor(async () => expect(await findProcesses(home)).toEqual([]), { timeout: 10_000 });
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  async function takeSnapshot(): Promise<string> {
    let id: string | undefined;
    const ask = async () => (id ??= (await start(gateway, "takeSnapshot", { instanceId })).operation?.id);
    await expect.poll(ask, { timeout: 30_000 }).toBeDefined();
    return id ?? "";
  }

  /** The states of subscribers on either process, before, during and after the work. */
  async function followEverywhere(id: string, during: () => void = () => undefined): Promise<Told[][]> {
    const later: Promise<Told[]>[] = [];
    const onTold = ({ phase }: Told) => {
      if (phase === "QUEUED" || later.length > 0) return;
      during();
      later.push(...[one, two].map(({ url }) => followOperation(url, key, id)));
    };
    const first = await Promise.all([one, two].map(({ url }) => followOperation(url, key, id, { onTold })));
    const after = await Promise.all([one, two].map(({ url }) => followOperation(url, key, id)));
    return [...first, ...(await Promise.all(later)), ...after];
  }

  it("tell subscribers of either process the same end, whenever they come", async () => {
    for (const told of await followEverywhere(await takeSnapshot())) {
      expect(told.at(-1)).toMatchObject({ status: "SUCCEEDED", phase: "DONE", percent: 100 });
      expect(findProgressFaults(told)).toEqual([]);
    }
  }, 60_000);

  it("tell them also where both have lost the connection that listens", async () => {
    const cut = () =>
      database.db.$client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'daguerre-events' and datname = current_database()`,
      );
    const cuts: Promise<unknown>[] = [];
    for (const told of await followEverywhere(await takeSnapshot(), () => cuts.push(cut()))) {
      expect(told.at(-1)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
      expect(findProgressFaults(told)).toEqual([]);
    }
    expect(cuts).toHaveLength(1);
    await Promise.all(cuts);
  }, 60_000);

  it("give a client that comes back what it has not seen, and nothing twice", async () => {
    const id = await takeSnapshot();
    const [all] = await followEverywhere(id);
    const last = all?.at(-1)?.revision ?? 0;
    const from = async (afterRevision: number) =>
      (await followOperation(two.url, key, id, { afterRevision })).map(({ revision }) => revision);
    expect(await from(last - 1)).toEqual([last]);
    expect(await from(last)).toEqual([]);
  }, 60_000);

  it("take over from each other when one is killed, and the survivor's subscribers see the end", async () => {
    const ids = [await takeSnapshot()];
    const names = ["a", "b", "c"];
    for (const name of names)
      ids.push((await start(gateway, "createInstance", { ...place, name })).operation?.id ?? "");
    const following = ids.map((id) => followOperation(two.url, key, id));
    await one.kill();
    gateway = connectGateway(two.url, key);
    for (const told of await Promise.all(following)) {
      expect(told.at(-1)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
      expect(findProgressFaults(told)).toEqual([]);
    }
    for (const id of ids) expect(await readOperation(gateway, id)).toMatchObject({ status: "SUCCEEDED" });
    one = await launch();
  }, 90_000);

  it("stop without costing an operation an attempt: the other goes on with it", async () => {
    const id = await takeSnapshot();
    const following = followOperation(two.url, key, id);
    await one.stop();
    const told = await following;
    expect(told.at(-1)).toMatchObject({ status: "SUCCEEDED" });
    const { rows } = await database.db.$client.query<{ lost: number }>(
      "select unreported_attempts as lost from operations where id = $1",
      [parseIdOf("operation", id)],
    );
    // The one that brought it to its end.
    expect(rows).toEqual([{ lost: 1 }]);
    one = await launch();
  }, 60_000);
});
