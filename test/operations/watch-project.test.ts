import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BusMessage, DomainEvent, EventBus } from "../../src/events/event-bus.js";
import { Listener } from "../../src/events/listener.js";
import { watchProject } from "../../src/operations/watch-project.js";
import type { Scope } from "../../src/projects/viewer.js";
import { insertInstance, insertProject } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let own: Scope;
let mine: string;
let foreign: string;
beforeAll(async () => {
  database = await createTestDatabase();
  own = await insertProject(database.db);
  mine = await insertInstance(database.db, own);
  foreign = await insertInstance(database.db, await insertProject(database.db));
});
afterAll(() => database.drop());

it("tells what changed in the project, nothing of another, every instance at first and after a lost connection", async () => {
  const heard = new Listener(
    () => true,
    () => undefined,
  );
  const events = { listen: () => heard } as unknown as EventBus;
  const changes = watchProject({ db: database.db, events }, own);
  const sent: BusMessage[] = [
    { topic: "instance", id: foreign } satisfies DomainEvent,
    { topic: "operation", id: "o1", instanceId: foreign, revision: 1 },
    { topic: "snapshot", id: "s1", instanceId: mine, change: "ADDED" },
    { topic: "operation", id: "o2", instanceId: mine, revision: 1 },
    { topic: "RESYNC" },
  ];
  sent.forEach((message) => heard.push(message));
  const told = [];
  for await (const change of changes) {
    told.push(change);
    if (told.length === 4) break;
  }
  const all = { subject: "INSTANCE", instanceId: mine, id: mine };
  expect(told).toEqual([
    all,
    { subject: "SNAPSHOT", instanceId: mine, id: "s1" },
    { subject: "OPERATION", instanceId: mine, id: "o2" },
    all,
  ]);
  expect(heard.ended).toBe(true);
});

it("is not woken by what is known to be another project's, and looks nothing up where a notice says whose it is", async () => {
  let heard: Listener | undefined;
  const listen: EventBus["listen"] = (filter) => (heard = new Listener(filter, () => undefined));
  const events = { listen } as EventBus;
  const changes = watchProject({ db: database.db, events }, own)[Symbol.asyncIterator]();
  await changes.next();
  const { projectId } = own;
  // Of an instance that nobody has: a look would find out.
  const unknown = "00000003-0000-7000-8000-000000000009";
  heard?.push({ topic: "instance", id: mine, projectId: randomUUID() });
  heard?.push({ topic: "operation", id: "o1", instanceId: mine, revision: 1, projectId: randomUUID() });
  heard?.push({ topic: "apiKey", id: "k" });
  heard?.push({ topic: "snapshot", id: "s1", instanceId: unknown, change: "ADDED", projectId });
  expect((await changes.next()).value).toEqual({ subject: "SNAPSHOT", instanceId: unknown, id: "s1" });
  await changes.return?.();
});
