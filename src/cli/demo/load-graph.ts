import { showSteps } from "./progress-bar.js";
import type { QueryAnswer } from "./gateway-client.js";
import type { Airport, Flight } from "./graph-data.js";

type Query = (statement: string, parameters?: Record<string, unknown>) => Promise<QueryAnswer>;
const batchSize = 500;

/** Makes the schema and loads the graph in batches, as a client of the Query API would. */
export async function loadGraph(
  query: Query,
  airports: readonly Airport[],
  flights: readonly Flight[],
): Promise<void> {
  await query(
    "CREATE NODE TABLE Airport(iata STRING PRIMARY KEY, name STRING, city STRING, state STRING, latitude DOUBLE, longitude DOUBLE)",
  );
  await query("CREATE REL TABLE Flight(FROM Airport TO Airport, count INT64)");
  await inBatches("Loading airports", airports, (rows) =>
    query(
      `UNWIND $rows AS row CREATE (:Airport {iata: row.iata, name: row.name, city: row.city, state: row.state,
        latitude: row.latitude, longitude: row.longitude})`,
      { rows },
    ),
  );
  await inBatches("Loading flights", flights, (rows) =>
    query(
      `UNWIND $rows AS row MATCH (a:Airport {iata: row.origin}), (b:Airport {iata: row.destination})
        CREATE (a)-[:Flight {count: row.count}]->(b)`,
      { rows },
    ),
  );
}

async function inBatches<Row>(
  label: string,
  rows: readonly Row[],
  send: (batch: readonly Row[]) => Promise<unknown>,
) {
  await showSteps(label, rows.length, async (advance) => {
    for (let start = 0; start < rows.length; start += batchSize) {
      const batch = rows.slice(start, start + batchSize);
      await send(batch);
      advance(batch.length);
    }
  });
}
