import type { Transaction } from "../db/client.js";

interface InProject {
  /** Told by the bus itself, which looks it up; a notice of another version of the program may have none. */
  readonly projectId?: string;
}

/** What happened, and nothing more: listeners read the state itself by id. */
export type DomainEvent =
  | (InProject & {
      readonly topic: "operation";
      readonly id: string;
      readonly instanceId: string;
      readonly revision: number;
    })
  | (InProject & {
      readonly topic: "snapshot";
      readonly id: string;
      readonly instanceId: string;
      readonly change: "ADDED" | "UPDATED" | "REMOVED";
    })
  | (InProject & { readonly topic: "instance"; readonly id: string })
  /** A key was revoked: whatever was opened with it has to be looked at again. */
  | { readonly topic: "apiKey"; readonly id: string };

/** RESYNC: the connection was lost for a while, so anything may have happened; re-read. */
export type BusMessage = DomainEvent | { readonly topic: "RESYNC" };

/** False for what is known to have happened in another project: nobody is to be woken by that, let alone to read. */
export const mayBeOf = (projectId: string, event: DomainEvent): boolean =>
  event.topic !== "apiKey" && (event.projectId === undefined || event.projectId === projectId);

/**
 * LISTEN/NOTIFY as typed topics of this process, over one connection however many listeners there are.
 * A notice is sent in the transaction that makes it true, so nobody hears of what was rolled back.
 */
export interface EventBus {
  /** Many are sent in one statement, each with the project of its instance. */
  publish(tx: Transaction, ...events: DomainEvent[]): Promise<void>;

  /**
   * Hears every message that passes the filter, from the moment this returns until the signal aborts or the
   * iterator is closed. Listen first, read afterwards: then nothing falls between. Messages are kept
   * while the listener is busy; of several about the same object only the last is kept. RESYNC always passes.
   * With `about`, the id of an object or of an instance, the filter is not even asked about others: thousands may listen,
   * each for its own.
   */
  listen(
    filter: (event: DomainEvent) => boolean,
    signal?: AbortSignal,
    about?: string,
  ): AsyncIterableIterator<BusMessage>;

  close(): Promise<void>;
}
