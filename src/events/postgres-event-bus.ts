import { Socket } from "node:net";
import { sql } from "drizzle-orm";
import pg from "pg";
import type { Transaction } from "../db/client.js";
import { instances } from "../db/tables/index.js";
import { isUuid } from "../ids.js";
import type { Logger } from "../telemetry/logger.js";
import type { BusMessage, DomainEvent, EventBus } from "./event-bus.js";
import { Listener } from "./listener.js";

export interface EventBusOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Pause before each attempt to connect again, in milliseconds. */
  readonly reconnectDelayMs: number;
  /** Pause after each proof that the connection is alive, in milliseconds; 1000 unless told. */
  readonly heartbeatMs?: number;
  /** In so long Postgres must answer, or the connection counts as lost, in milliseconds; 1500 unless told. */
  readonly answerMs?: number;
}

/** A connection and what it runs over, which can be ended without the other side's word. */
interface Connection {
  readonly client: pg.Client;
  readonly socket: Socket;
}

const channel = "daguerre";

/** Connects and listens; rejects where the first connection fails. Later losses are mended and told as RESYNC. */
export async function createEventBus(options: EventBusOptions): Promise<EventBus> {
  const bus = new PostgresEventBus(options);
  await bus.connect();
  return bus;
}

class PostgresEventBus implements EventBus {
  /** By what they are about; those who hear everything are under `undefined`. */
  private readonly listeners = new Map<string | undefined, Set<Listener>>();
  private connection: Connection | undefined;
  /** Until the next attempt to connect, or the next heartbeat. */
  private timer: NodeJS.Timeout | undefined;
  private connecting: Promise<void> | undefined;
  private closed = false;

  private readonly options: Required<EventBusOptions>;

  constructor(options: EventBusOptions) {
    this.options = { heartbeatMs: 1000, answerMs: 1500, ...options };
  }

  async publish(tx: Transaction, ...events: DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const texts = sql.param(events.map((event) => JSON.stringify(event)));
    const about = sql.param(events.map(instanceOf));
    const project = sql`select ${instances.projectId} from ${instances} where ${instances.id} = notice.instance_id`;
    const placed = sql`jsonb_strip_nulls(jsonb_build_object('projectId', (${project})))`;
    await tx.execute(sql`
      select pg_notify(${channel}, (notice.event || ${placed})::text)
      from unnest(${texts}::jsonb[], ${about}::uuid[]) as notice(event, instance_id)`);
  }

  listen(
    filter: (event: DomainEvent) => boolean,
    signal?: AbortSignal,
    about?: string,
  ): AsyncIterableIterator<BusMessage> {
    const listener = new Listener(filter, () => this.forget(listener, about), signal);
    if (this.closed) listener.end();
    else if (!listener.ended) {
      const others = this.listeners.get(about);
      if (others) others.add(listener);
      else this.listeners.set(about, new Set([listener]));
    }
    return listener;
  }

  private forget(listener: Listener, about: string | undefined): void {
    const all = this.listeners.get(about);
    all?.delete(listener);
    if (all?.size === 0) this.listeners.delete(about);
  }

  private all(): Listener[] {
    return [...this.listeners.values()].flatMap((some) => [...some]);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    for (const listener of this.all()) listener.end();
    await this.connecting?.catch(() => undefined);
    if (!this.connection) return;
    const { client, socket } = this.connection;
    // Whoever does not answer does not say goodbye either.
    const impatience = setTimeout(() => socket.destroy(), this.options.answerMs);
    await client.end();
    clearTimeout(impatience);
  }

  async connect(): Promise<void> {
    const { url, answerMs, logger } = this.options;
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      application_name: "daguerre-events",
      stream: () => socket,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    });
    client.on("notification", (notice) => this.hear(notice.payload));
    client.on("error", (error) => logger.warn({ err: error }, "The event connection broke"));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    this.connection = { client, socket };
    client.once("end", () => this.scheduleReconnect());
    this.scheduleHeartbeat(this.connection);
  }

  /**
   * A connection whose other side vanished without a word, or behind something that takes bytes and forwards none, looks
   * like one on which nothing happens: only an answer proves that notices would come.
   */
  private scheduleHeartbeat({ client, socket }: Connection): void {
    if (this.closed) return;
    this.timer = setTimeout(() => {
      client.query("select 1").then(
        () => this.connection?.client === client && this.scheduleHeartbeat(this.connection),
        () => socket.destroy(),
      );
    }, this.options.heartbeatMs);
  }

  private scheduleReconnect(): void {
    this.connection = undefined;
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.connecting = this.reconnect();
    }, this.options.reconnectDelayMs);
  }

  private async reconnect(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      this.options.logger.warn({ err: error }, "The event connection is still down");
      this.scheduleReconnect();
      return;
    }
    // Only now that it listens again: a reader woken earlier could read, and then miss what follows.
    for (const listener of this.all()) listener.push({ topic: "RESYNC" });
  }

  private hear(payload: string | undefined): void {
    const event = parseEvent(payload);
    if (event === undefined) {
      this.options.logger.warn({ payload }, "Ignored a notice that is no event");
      return;
    }
    const about = new Set([undefined, event.id, "instanceId" in event ? event.instanceId : undefined]);
    for (const id of about) for (const listener of this.listeners.get(id) ?? []) listener.push(event);
  }
}

/** Null where it happened to no instance. */
function instanceOf(event: DomainEvent): string | null {
  if (event.topic === "apiKey") return null;
  const id = event.topic === "instance" ? event.id : event.instanceId;
  return isUuid(id) ? id : null;
}

const topics: ReadonlySet<string> = new Set<DomainEvent["topic"]>([
  "operation",
  "snapshot",
  "instance",
  "apiKey",
]);

/** Only this program sends on the channel, but so may anyone with a connection, or another version of it. */
function parseEvent(payload: string | undefined): DomainEvent | undefined {
  try {
    const value = JSON.parse(payload ?? "") as Partial<DomainEvent> | null;
    const known = value?.topic !== undefined && topics.has(value.topic);
    return known && typeof value.id === "string" ? (value as DomainEvent) : undefined;
  } catch {
    return undefined;
  }
}
