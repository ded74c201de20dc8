import type { Database } from "./client.js";

export interface SharedReadOptions<Args, Value> {
  /** What each key stands for; those that are nothing to the project may be left out. */
  readonly read: (
    db: Database,
    projectId: string,
    keys: readonly string[],
    args: Args,
  ) => Promise<ReadonlyMap<string, Value>>;
  /** How many keys one statement takes: what is sent together also waits together. A caller who brings more has them all. */
  readonly mostKeys: (args: Args) => number;
}

/** The answer holds the caller's keys, and those of others who asked in the same turn. */
export type SharedRead<Args, Value> = (
  db: Database,
  projectId: string,
  keys: readonly string[],
  args: Args,
) => Promise<ReadonlyMap<string, Value>>;

interface Batch<Value> {
  readonly keys: Set<string>;
  readonly values: Promise<ReadonlyMap<string, Value>>;
  readonly send: () => void;
}

/**
 * A read that all who ask in one turn of the event loop share, whichever requests they answer: one statement reads for them
 * what each would read by itself. Under load this is most of what a request costs the database. Nothing is kept: no read
 * begins before it is asked for, so that everybody sees what was committed before he asked. Projects share nothing.
 */
export function sharedRead<Args, Value>({
  read,
  mostKeys,
}: SharedReadOptions<Args, Value>): SharedRead<Args, Value> {
  const open = new WeakMap<Database, Map<string, Batch<Value>>>();

  function begin(db: Database, projectId: string, args: Args, name: string): Batch<Value> {
    const keys = new Set<string>();
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, Value>>();
    const batches = open.get(db) ?? new Map<string, Batch<Value>>();
    const batch: Batch<Value> = {
      keys,
      values: promise,
      send() {
        if (batches.get(name) !== batch) return;
        batches.delete(name);
        resolve(read(db, projectId, [...keys], args));
      },
    };
    open.set(db, batches.set(name, batch));
    setImmediate(batch.send);
    return batch;
  }

  return (db, projectId, keys, args) => {
    const name = `${projectId} ${JSON.stringify(args)}`;
    let batch = open.get(db)?.get(name) ?? begin(db, projectId, args, name);
    if (batch.keys.size > 0 && batch.keys.size + keys.length > mostKeys(args)) {
      batch.send();
      batch = begin(db, projectId, args, name);
    }
    for (const key of keys) batch.keys.add(key);
    return batch.values;
  };
}
