/**
 * The process that holds one generation open. Erasable TypeScript in one file, so that Node runs it as it
 * stands in tests (child.ts) and compiled (child.js). Arguments: folder, socket path, settings as JSON.
 */
import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import lbug from "@ladybugdb/core";

interface Settings {
  idleAfterMs: number;
  maxDbSizeBytes: number;
  checkpointWalBytes: number;
  queryTimeoutMs: number;
  maxResultRows: number;
}
interface Request {
  id: number;
  op: "query" | "capture" | "captureCheck" | "captureRelease" | "hold" | "resume" | "retire" | "ping" | "end";
  text?: string;
  parameters?: Record<string, unknown>;
  access?: string;
}
const fail = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const [folder = "", socketPath = "", settingsText = "{}"] = process.argv.slice(2);
const settings = JSON.parse(settingsText) as Settings;
const file = join(folder, "graph.lbug");
const retiredMark = join(folder, "retired");

const database = new lbug.Database(file, 0, true, false, settings.maxDbSizeBytes, false);
try {
  await database.init();
} catch (error) {
  process.stdout.write(`failed ${String(error).replaceAll("\n", " ")}\n`, () => process.exit(3));
  await new Promise(() => undefined);
}
const writer = new lbug.Connection(database, 1);
const readers = Array.from({ length: 4 }, () => ({
  connection: new lbug.Connection(database, 1),
  last: Promise.resolve<unknown>(undefined),
}));
for (const connection of [writer, ...readers.map((reader) => reader.connection)]) {
  await connection.init();
  connection.setQueryTimeout(settings.queryTimeoutMs);
}

let queue: Promise<unknown> = Promise.resolve();
let nextReader = 0;
let hold: { socket: Socket; end: () => void } | undefined;
let capture: { socket: Socket; id: number; end: () => void; ended: Promise<void> } | undefined;
let retired = existsSync(retiredMark);
let busy = 0;
let lastUse = performance.now();
let leaving = false;
const sockets = new Set<Socket>();

/** One at a time: a CHECKPOINT beside a write would spoil the recovery after a crash. */
function inWriterQueue<T>(task: () => Promise<T>): Promise<T> {
  const run = queue.then(task);
  queue = run.catch(() => undefined);
  return run;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const object = Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item)]));
  const { _id, _label, _src, _dst, _nodes, _rels, ...properties } = object;
  const idOf = (id: unknown): string => {
    const { table, offset } = id as { table: number; offset: number };
    return `${table}:${offset}`;
  };
  if (_nodes && _rels) return { nodes: _nodes, relationships: _rels };
  if (_src && _dst) {
    return {
      elementId: _id ? idOf(_id) : "",
      startNodeElementId: idOf(_src),
      endNodeElementId: idOf(_dst),
      type: _label,
      properties,
    };
  }
  if (_id && typeof _label === "string") return { elementId: idOf(_id), labels: [_label], properties };
  return object;
}

async function run(connection: InstanceType<typeof lbug.Connection>, request: Request, readOnly: boolean) {
  const prepared = await connection.prepare(request.text ?? "");
  if (!prepared.isSuccess()) throw new Error(prepared.getErrorMessage());
  if (readOnly && !prepared.isReadOnly()) throw fail("FORBIDDEN_STATEMENT", "The statement writes.");
  const answer = await connection.execute(prepared, (request.parameters ?? {}) as never);
  const result = Array.isArray(answer) ? answer[0] : answer;
  if (!result) return { fields: [], values: [], wrote: !readOnly };
  try {
    if (readOnly && result.getNumTuples() > settings.maxResultRows) throw fail("LIMIT", "Too many rows.");
    const fields = await result.getColumnNames();
    const values = (await result.getAll()).map((row) => fields.map((field) => plain(row[field])));
    return { fields, values, wrote: !readOnly };
  } finally {
    result.close();
  }
}

/** Merely preparing a writing statement takes the engine's one write transaction, so it must happen in the queue. */
const mayWrite = /\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|ALTER|COMMENT|INSERT|UPDATE|CALL|COPY)\b/i;

async function read(request: Request): Promise<unknown> {
  const reader = readers[nextReader++ % readers.length]!;
  const answer = reader.last.then(() => run(reader.connection, request, true));
  reader.last = answer.catch(() => undefined);
  return answer;
}

async function query(request: Request): Promise<unknown> {
  if (!mayWrite.test(request.text ?? "")) return read(request);
  const written = await inWriterQueue(async () => {
    if (retired) throw fail("MOVED", "The generation has been retired.");
    const probe = await writer.prepare(request.text ?? "");
    if (!probe.isSuccess()) throw new Error(probe.getErrorMessage());
    if (probe.isReadOnly()) return undefined;
    if (request.access === "READ") throw fail("FORBIDDEN_STATEMENT", "The statement writes.");
    const answer = await run(writer, request, false);
    const wal = statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0;
    // A failed checkpoint leaves the WAL as it was: the write itself is durable.
    if (wal > settings.checkpointWalBytes && !capture)
      await writer.query("CHECKPOINT").catch(() => undefined);
    return answer;
  });
  return written ?? read(request);
}

async function open(socket: Socket, request: Request): Promise<unknown> {
  while (capture) await capture.ended;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const mine = {
    socket,
    id: request.id,
    ended,
    end: () => {
      if (capture === mine) capture = undefined;
      end();
    },
  };
  capture = mine;
  try {
    return await inWriterQueue(async () => {
      const start = performance.now();
      await writer.query("CHECKPOINT");
      return { pausedMs: performance.now() - start, sizeBytes: statSync(file).size };
    });
  } catch (error) {
    mine.end();
    throw error;
  }
}

async function answer(socket: Socket, request: Request): Promise<unknown> {
  switch (request.op) {
    case "query":
      return query(request);
    case "capture":
      return open(socket, request);
    case "captureCheck":
      if (capture?.socket !== socket) throw fail("UNAVAILABLE", "The consistent point is lost.");
      return null;
    case "captureRelease":
      if (capture?.socket === socket) capture.end();
      return null;
    case "hold":
      return new Promise((resolve) => {
        void inWriterQueue(
          () =>
            new Promise<void>((end) => {
              if (socket.destroyed) return end();
              hold = { socket, end };
              resolve(null);
            }),
        );
      });
    case "resume":
    case "retire":
      if (hold?.socket !== socket) throw fail("UNAVAILABLE", "The hold is lost.");
      if (request.op === "retire") {
        writeFileSync(retiredMark, "", { flush: true });
        retired = true;
      }
      hold.end();
      hold = undefined;
      return null;
    case "end":
      // Its data is about to be removed; whatever is under way fails.
      process.exit(0);
    // eslint-disable-next-line no-fallthrough -- exit does not return
    case "ping":
      return null;
  }
}

function send(socket: Socket, message: unknown): void {
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  if (!socket.destroyed) socket.write(Buffer.concat([head, body]));
}

const server = createServer((socket) => {
  sockets.add(socket);
  let buffer: Buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    sockets.delete(socket);
    if (capture?.socket === socket) capture.end();
    if (hold?.socket === socket) {
      hold.end();
      hold = undefined;
    }
  });
  socket.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (!leaving && buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
      const length = buffer.readUInt32BE(0);
      const request = deserialize(buffer.subarray(4, 4 + length)) as Request;
      buffer = buffer.subarray(4 + length);
      busy++;
      answer(socket, request)
        .then(
          (value) => send(socket, { id: request.id, value }),
          (error: Error & { code?: string }) =>
            send(socket, { id: request.id, error: { code: error.code, message: error.message } }),
        )
        .finally(() => {
          busy--;
          lastUse = performance.now();
        })
        .catch(() => undefined);
    }
  });
});

/** Says bye first: what is unanswered after it has not run. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  server.close();
  // What has begun is answered before the bye; what still lies unread in a socket has not run.
  hold?.end();
  capture?.end();
  while (busy > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const socket of sockets) send(socket, { bye: true });
  await writer.query("CHECKPOINT").catch(() => undefined);
  for (const socket of sockets) socket.end();
  setImmediate(() => process.exit(0));
}
setInterval(
  () => {
    if (busy === 0 && !hold && !capture && performance.now() - lastUse > settings.idleAfterMs) void leave();
  },
  Math.min(settings.idleAfterMs, 1000),
);
process.stdin
  .on("end", () => void leave())
  .on("error", () => void leave())
  .resume();
rmSync(socketPath, { force: true });
server.listen(socketPath, () => {
  chmodSync(socketPath, 0o600);
  process.stdout.write("ready\n");
});
