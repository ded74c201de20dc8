import DataLoader from "dataloader";
import type { Database } from "./client.js";

type ReadById<Row> = (db: Database, projectId: string, ids: readonly string[]) => Promise<Row[]>;

/**
 * A read of single rows for those who hear of a change at the same instant, however many they are: all who ask in one turn
 * of the event loop, for whatever rows, share a statement, and who asks for the same row gets the same object. Nothing is kept:
 * a read asked for later begins later. Projects share nothing.
 */
export function sharedRead<Row extends { readonly id: string }>(read: ReadById<Row>) {
  const readers = new WeakMap<Database, Map<string, DataLoader<string, Row | undefined>>>();

  function createReader(db: Database, projectId: string): DataLoader<string, Row | undefined> {
    const reader: DataLoader<string, Row | undefined> = new DataLoader(async (ids) => {
      reader.clearAll();
      const rows = new Map((await read(db, projectId, ids)).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id));
    });
    return reader;
  }

  return (db: Database, projectId: string, id: string): Promise<Row | undefined> => {
    const ofDatabase = readers.get(db) ?? new Map<string, DataLoader<string, Row | undefined>>();
    readers.set(db, ofDatabase);
    const reader = ofDatabase.get(projectId) ?? createReader(db, projectId);
    ofDatabase.set(projectId, reader);
    return reader.load(id);
  };
}
