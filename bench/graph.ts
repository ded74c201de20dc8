import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import lbug from "@ladybugdb/core";
import { seededRandom } from "./statistics.ts";

export const people = 200_000;
export const relationships = 500_000;

/** Makes the file of a graph of people who know each other: 200,000 nodes, 500,000 relationships. */
export async function makeGraphFile(directory: string): Promise<string> {
  const random = seededRandom(1);
  const whole = (below: number) => Math.floor(random() * below);
  const file = join(directory, "graph.lbug");
  const nodes = Array.from(
    { length: people },
    (_, id) => `${id},user${id}@example.org,City ${whole(5000)},${whole(100)},${whole(1e8) / 100}`,
  );
  const edges = Array.from(
    { length: relationships },
    () => `${whole(people)},${whole(people)},${whole(1000)}`,
  );
  await writeFile(join(directory, "nodes.csv"), nodes.join("\n"));
  await writeFile(join(directory, "edges.csv"), edges.join("\n"));
  const database = new lbug.Database(file, 0, true, false, 4 * 2 ** 30, false);
  const connection = new lbug.Connection(database);
  for (const statement of [
    "CREATE NODE TABLE Person(id INT64 PRIMARY KEY, email STRING, city STRING, age INT64, score DOUBLE)",
    "CREATE REL TABLE Knows(FROM Person TO Person, since INT64)",
    `COPY Person FROM '${join(directory, "nodes.csv")}'`,
    `COPY Knows FROM '${join(directory, "edges.csv")}'`,
    "CHECKPOINT",
  ]) {
    await connection.query(statement);
  }
  await connection.close();
  await database.close();
  return file;
}
