import { sql } from "drizzle-orm";
import pg from "pg";
import type { Transaction } from "../db/client.js";
import type { Logger } from "../telemetry/logger.js";
import type { BusMessage, DomainEvent, EventBus } from "./event-bus.js";
import { Listener } from "./listener.js";

export interface EventBusOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Pause before each attempt to connect again, in milliseconds. */
  readonly reconnectDelayMs: number;
}

const channel = "daguerre";

/** Connects and listens; rejects where the first connection fails. Later losses are mended and told as RESYNC. */
export async function createEventBus(options: EventBusOptions): Promise<EventBus> {
  const bus = new PostgresEventBus(options);
  await bus.connect();
  return bus;
}

class PostgresEventBus implements EventBus {
  private readonly listeners = new Set<Listener>();
  private client: pg.Client | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private connecting: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: EventBusOptions) {}

  async publish(tx: Transaction, ...events: DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const texts = sql.param(events.map((event) => JSON.stringify(event)));
    await tx.execute(sql`select pg_notify(${channel}, event) from unnest(${texts}::text[]) as event`);
  }

  listen(filter: (event: DomainEvent) => boolean, signal?: AbortSignal): AsyncIterableIterator<BusMessage> {
    const listener = new Listener(filter, () => this.listeners.delete(listener), signal);
    if (this.closed) listener.end();
    else if (!listener.ended) this.listeners.add(listener);
    return listener;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnectTimer);
    for (const listener of [...this.listeners]) listener.end();
    await this.connecting?.catch(() => undefined);
    await this.client?.end();
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: "daguerre-events",
      // A peer that vanished without a word is noticed by keepalive alone: nothing is ever sent here.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    client.on("notification", (notice) => this.hear(notice.payload));
    client.on("error", (error) => this.options.logger.warn({ err: error }, "The event connection broke"));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    client.once("end", () => this.scheduleReconnect());
  }

  private scheduleReconnect(): void {
    this.client = undefined;
    if (this.closed) return;
    this.reconnectTimer = setTimeout(() => {
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
    for (const listener of this.listeners) listener.push({ topic: "RESYNC" });
  }

  private hear(payload: string | undefined): void {
    const event = parseEvent(payload);
    if (event === undefined) {
      this.options.logger.warn({ payload }, "Ignored a notice that is no event");
      return;
    }
    for (const listener of this.listeners) listener.push(event);
  }
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
