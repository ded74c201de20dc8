/**
 * The library's plain way: graphql-ws on ws with graphql-js, as its documentation puts them together. Each subscriber has
 * an iterator of its own on an emitter in memory, fed by LISTEN; each event is executed for each subscriber, and
 * written as JSON for each socket. As long as its parent says `reads`, each execution reads the row by id, since a notice
 * holds no more than that; with `handed`, the row is read once when the notice comes, and handed to all.
 */
import { EventEmitter, on } from "node:events";
import { createServer } from "node:http";
import { buildSchema, type GraphQLObjectType } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import pg from "pg";
import { WebSocketServer } from "ws";

let way: unknown = "reads";
process.on("message", (message) => {
  if (message === "reads" || message === "handed") way = message;
});
const connectionString = process.env["DATABASE_URL"]!;
const pool = new pg.Pool({ connectionString, max: 10 });

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Instance { id: ID! }
  type Failure { code: String! message: String! retryable: Boolean! }
  interface Operation { ${fields()} }
  type SnapshotOperation implements Operation { ${fields()} }
  type Subscription { operationProgress(operationId: ID!, afterRevision: Int): Operation! }
`);

function fields(): string {
  return `id: ID! status: String! phase: String! percent: Float! bytesDone: Float! bytesTotal: Float etaSeconds: Int
    revision: Int! cancelable: Boolean! createdAt: String! startedAt: String finishedAt: String requestedBy: String
    instance: Instance! failure: Failure`;
}

interface Row {
  readonly id: string;
  readonly revision: number;
}

async function read(id: string): Promise<Row> {
  const { rows } = await pool.query<Row>({
    name: "operation",
    text: `select id, status, phase, percent, bytes_done::float8 as "bytesDone", bytes_total::float8 as "bytesTotal",
        eta_seconds as "etaSeconds", revision, status in ('QUEUED', 'RUNNING') as cancelable, created_at as "createdAt",
        started_at as "startedAt", finished_at as "finishedAt", requested_by as "requestedBy",
        json_build_object('id', instance_id) as instance, null as failure, 'SnapshotOperation' as "__typename"
      from operations where id = $1`,
    values: [id],
  });
  return rows[0]!;
}

const emitter = new EventEmitter();
emitter.setMaxListeners(0);

async function* progress(_root: unknown, { operationId }: { operationId: string }) {
  const notices = on(emitter, operationId);
  yield await read(operationId);
  for await (const [row] of notices) yield row as Row | undefined;
}
const field = (schema.getType("Subscription") as GraphQLObjectType).getFields()["operationProgress"]!;
field.subscribe = progress as never;
field.resolve = (row: Row | undefined, { operationId }: { operationId?: string }) =>
  row ?? read(operationId!);

const listener = new pg.Client({ connectionString });
await listener.connect();
listener.on("notification", ({ payload }) => {
  const { id } = JSON.parse(payload!) as Row;
  if (way === "reads") emitter.emit(id);
  else void read(id).then((row) => emitter.emit(id, row));
});
await listener.query("listen daguerre");

const server = createServer((_request, response) => response.end("ok"));
useServer({ schema }, new WebSocketServer({ server, path: "/graphql" }));
server.listen(Number(process.env["PORT"]), "127.0.0.1");
