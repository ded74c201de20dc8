import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BusMessage, DomainEvent, EventBus } from "../../src/events/event-bus.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { startTcpProxy } from "../support/tcp-proxy.js";
import { insertInstance, insertProject } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const all = (): boolean => true;
const instance = (id: string): DomainEvent => ({ topic: "instance", id });
const operation = (id: string, revision: number, instanceId = "i"): DomainEvent => ({
  topic: "operation",
  id,
  instanceId,
  revision,
});
const snapshot = (id: string, change: "ADDED" | "UPDATED" | "REMOVED", instanceId = "i"): DomainEvent => ({
  topic: "snapshot",
  id,
  instanceId,
  change,
});

describe("the event bus", () => {
  let database: TestDatabase;
  let bus: EventBus;

  beforeEach(async () => {
    database = await createTestDatabase();
    const logger = createLogger({ level: "silent" });
    bus = await createEventBus({ url: database.url, logger, reconnectDelayMs: 20 });
  });
  afterEach(async () => {
    await bus.close();
    await database.drop();
  });

  const publish = (...events: DomainEvent[]): Promise<void> =>
    database.db.transaction(async (tx) => {
      for (const event of events) await bus.publish(tx, event);
    });

  /** Everything kept for the reader up to the given marker, which is published here. */
  async function readUntilMarker(messages: AsyncIterableIterator<BusMessage>): Promise<BusMessage[]> {
    const delivered = bus.listen((event) => event.id === "marker");
    await publish(instance("marker"));
    // Once another listener has it, everything before it has reached every listener.
    await delivered.next();
    await delivered.return?.();
    const read: BusMessage[] = [];
    for await (const message of messages) {
      if (message.topic !== "RESYNC" && message.id === "marker") break;
      read.push(message);
    }
    return read;
  }

  test("carries what passes the filter, from the call of listen on", async () => {
    const messages = bus.listen((event) => event.id !== "b");
    await publish(instance("a"), instance("b"), operation("c", 7));
    expect(await readUntilMarker(messages)).toEqual([instance("a"), operation("c", 7)]);
  });

  test("tells the project of each notice that belongs to an instance, in the order of their publishing", async () => {
    const { db } = database;
    const scope = await insertProject(db);
    const other = await insertProject(db);
    const [mine, theirs] = [await insertInstance(db, scope), await insertInstance(db, other)];
    const events: DomainEvent[] = [
      operation("o", 1, theirs),
      instance(mine),
      { topic: "apiKey", id: theirs },
      snapshot("s", "ADDED", mine),
      instance(randomUUID()),
      instance("of an old test"),
    ];
    const messages = bus.listen(all);
    await db.transaction((tx) => bus.publish(tx, ...events));
    const [first, second, third, fourth, ...rest] = events;
    expect(await readUntilMarker(messages)).toEqual([
      { ...first, ...other },
      { ...second, ...scope },
      third,
      { ...fourth, ...scope },
      ...rest,
    ]);
    // As a project's own request does it, which sees no other's instances.
    const heard = bus.listen(all);
    await database.tenants
      .open(scope.projectId)
      .transaction((tx) => bus.publish(tx, instance(mine), instance(theirs)));
    expect(await readUntilMarker(heard)).toEqual([{ ...instance(mine), ...scope }, instance(theirs)]);
  });

  test("is silent about what was rolled back", async () => {
    const messages = bus.listen(all);
    const rolledBack = database.db.transaction(async (tx) => {
      await bus.publish(tx, instance("lost"));
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    await publish(instance("kept"));
    expect(await readUntilMarker(messages)).toEqual([instance("kept")]);
  });

  test("keeps of each object only the last, but forgets no arrival", async () => {
    const messages = bus.listen(all);
    await publish(operation("o", 1), snapshot("s", "ADDED"), snapshot("t", "ADDED"), operation("p", 1));
    await publish(operation("o", 2), snapshot("s", "UPDATED"), snapshot("t", "REMOVED"));
    expect(await readUntilMarker(messages)).toEqual([
      operation("o", 2),
      snapshot("s", "ADDED"),
      snapshot("t", "REMOVED"),
      operation("p", 1),
    ]);
  });

  test("says RESYNC to everybody after a lost connection, and hears again", async () => {
    const [one, none] = [bus.listen(all), bus.listen(() => false)];
    const resynced = Promise.all([one.next(), none.next()]);

    await database.db.$client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'daguerre-events' and datname = current_database()`,
    );

    const message = { done: false, value: { topic: "RESYNC" } };
    expect(await resynced).toEqual([message, message]);
    await publish(instance("after"));
    expect(await one.next()).toEqual({ done: false, value: instance("after") });
  });

  test("says RESYNC after a connection that went dumb without breaking, and hears again", async () => {
    const proxy = await startTcpProxy(database.url);
    const logger = createLogger({ level: "silent" });
    const options = { url: proxy.url, logger, reconnectDelayMs: 5, heartbeatMs: 20, answerMs: 500 };
    const distant = await createEventBus(options);
    const messages = distant.listen(all);
    await publish(instance("before"));
    expect(await messages.next()).toEqual({ done: false, value: instance("before") });

    // Bytes are still taken, and none are passed on: neither side is told of anything.
    proxy.freeze();
    await publish(instance("unheard"));
    expect(await messages.next()).toEqual({ done: false, value: { topic: "RESYNC" } });
    await publish(instance("after"));
    expect(await messages.next()).toEqual({ done: false, value: instance("after") });

    await distant.close();
    await proxy.close();
  });

  test("closes over a connection that went dumb, and gives up connecting through one", async () => {
    const proxy = await startTcpProxy(database.url);
    const logger = createLogger({ level: "silent" });
    const options = { url: proxy.url, logger, reconnectDelayMs: 5, heartbeatMs: 60_000, answerMs: 50 };
    const distant = await createEventBus(options);
    proxy.freeze({ also: "what is new" });
    await distant.close();
    await expect(createEventBus(options)).rejects.toThrow();
    await proxy.close();
  });

  test("ends a waiting reader on abort, on return and on close", async () => {
    const abort = new AbortController();
    const [aborted, returned, closed] = [bus.listen(all, abort.signal), bus.listen(all), bus.listen(all)];
    const reads = Promise.all([aborted.next(), returned.next(), closed.next()]);

    abort.abort();
    await returned.return?.();
    await bus.close();

    const end = { done: true, value: undefined };
    expect(await reads).toEqual([end, end, end]);
    expect(await bus.listen(all).next()).toEqual(end);
    expect(await bus.listen(all, abort.signal).next()).toEqual(end);
  });

  test("survives a notice that is no event", async () => {
    const messages = bus.listen(all);
    await database.db.$client.query(`select pg_notify('daguerre', 'hello'), pg_notify('daguerre', 'null')`);
    await publish(instance("a"));
    expect(await readUntilMarker(messages)).toEqual([instance("a")]);
  });
});
