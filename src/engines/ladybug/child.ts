/**
 * The process that holds one generation open. Erasable TypeScript with its own imports only, so that Node runs it as it
 * stands in tests (child.ts) and compiled (child.js). Arguments: folder, socket path, settings as JSON.
 */
import { chmodSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { type ChildRequest, type ChildSettings, readFrames, sendFrame } from "./frames.ts";
import { Graph, type Point } from "./graph.ts";
import { failure, Turn } from "./turns.ts";

process.umask(0o077);
const [folder = "", socketPath = "", settingsText = "{}"] = process.argv.slice(2);
const settings = JSON.parse(settingsText) as ChildSettings;
/** How long work under way may go on when the process has been told to leave. */
const graceMs = 10_000;
/** Beyond this thread's own. */
const statementsNiceness = 10;
/** How long the engine may go on with what has been called off, where that is all there is to do. */
const calledOffMs = 1_000;
/** What a statement may take beyond its time limit, which does not bind all that Ladybug does: planning, say. */
const overtimeMs = Math.max(10_000, settings.queryTimeoutMs);

/** What one connection of the service has open. */
interface Client {
  readonly turns: Map<number, Turn>;
  point?: Point;
  endHold?: () => void;
}
const clients = new Map<Socket, Client>();
const turns = new Set<Turn>();
let lastUse = performance.now();
let leaving = false;

const identity = () => statSync(join(folder, "graph.lbug"), { throwIfNoEntry: false })?.ino;
const opened = identity();
const { graph, tornLog } = await Graph.open(folder, settings).catch((error: unknown) => {
  process.stdout.write(`failed ${String(error).replaceAll("\n", " ")}\n`, () => process.exit(3));
  return new Promise<never>(() => undefined);
});

async function answer(socket: Socket, client: Client, turn: Turn, request: ChildRequest): Promise<unknown> {
  switch (request.op) {
    case "query":
      return await graph.query(request, turn);
    case "cancel":
      client.turns.get(request.target ?? 0)?.cancel();
      watchCalledOff();
      return null;
    case "capture":
      client.point = await graph.openPoint(turn);
      return null;
    case "captureNoted":
      if (!client.point) throw failure("UNAVAILABLE", "The consistent point is lost.");
      return await client.point.complete();
    case "captureCheck":
      if (!client.point) throw failure("UNAVAILABLE", "The consistent point is lost.");
      return null;
    case "hold":
      client.endHold = await graph.holdWrites(() => !socket.destroyed && !leaving);
      return null;
    case "resume":
    case "retire":
      if (!client.endHold) throw failure("UNAVAILABLE", "The hold is lost.");
      if (request.op === "retire") graph.retire();
      client.endHold();
      delete client.endHold;
      return null;
    case "leaveIfIdle":
      // This request itself is one.
      if (turns.size > 1 || isHeld()) return false;
      void leave();
      return true;
    case "end":
      // Its data is about to be removed. Not by exit, which would run destructors beside the engine's threads.
      for (const each of clients.keys()) sendFrame(each, { told: true });
      return process.kill(process.pid, "SIGKILL");
    case "ping":
      return null;
  }
}

const isHeld = () => graph.hasPoint || [...clients.values()].some((client) => client.endHold);

function release(client: Client): void {
  client.endHold?.();
  delete client.endHold;
  client.point?.end();
  delete client.point;
}

const server = createServer((socket) => {
  const client: Client = { turns: new Map() };
  clients.set(socket, client);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clients.delete(socket);
    for (const turn of client.turns.values()) turn.cancel();
    release(client);
    watchCalledOff();
  });
  readFrames(socket, (message) => {
    const request = message as ChildRequest;
    if (leaving) return;
    // Whether it is alive, which is no use of it.
    if (request.op === "ping") return sendFrame(socket, { id: request.id, value: null });
    const turn = new Turn();
    client.turns.set(request.id, turn);
    turns.add(turn);
    answer(socket, client, turn, request)
      .then(
        (value) => sendFrame(socket, { id: request.id, value }),
        (error: Error & { code?: string; outcomeUnknown?: boolean }) => {
          const { code, message: text, outcomeUnknown } = error;
          sendFrame(socket, { id: request.id, error: { code, message: text, outcomeUnknown } });
          // It would refuse most of what follows, and die later. What a statement says itself begins otherwise.
          if (/bad_alloc/.test(text) && !/^runtime exception/i.test(text)) void breakOff();
        },
      )
      .finally(() => {
        client.turns.delete(request.id);
        if (socket.destroyed) release(client);
        turns.delete(turn);
        lastUse = performance.now();
        if (graph.broken) void breakOff();
        watchCalledOff();
      })
      .catch(() => undefined);
  });
});

/** What has begun is answered before the bye; what still lies unread in a socket has not run. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  server.close();
  for (const client of clients.values()) release(client);
  const last = performance.now() + graceMs;
  while (isWanted() && performance.now() < last) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!isWanted()) {
    answerCalledOff();
    sayBye();
    // Behind a write that was called off one would wait for the engine to end it.
    if (turns.size === 0) await graph.checkpoint();
  }
  await end();
}

const sayBye = () => {
  for (const socket of clients.keys()) sendFrame(socket, { bye: true });
};

/** Whether the engine is at anything that somebody still waits for. */
const isWanted = () => [...turns].some((turn) => !turn.canceled);

const answerCalledOff = () => {
  const error = { code: "CANCELED", message: "Canceled." };
  for (const [socket, client] of clients)
    for (const [id, turn] of client.turns) if (turn.canceled) sendFrame(socket, { id, error });
};

/** No write that is unanswered has run: a broken graph begins none, and the one under way is waited for. */
async function breakOff(): Promise<void> {
  if (leaving) return;
  leaving = true;
  for (const client of clients.values()) release(client);
  let isWriting = true;
  const stopped = graph.stopWrites().then(() => (isWriting = false));
  await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, graceMs))]);
  // Its answer goes out before the bye.
  await new Promise((resolve) => setImmediate(resolve));
  if (!isWriting) sayBye();
  await end();
}

let calledOff: NodeJS.Timeout | undefined;

/** Ladybug cannot be interrupted; but where nothing else is under way, the process can end, and its work with it. */
function watchCalledOff(): void {
  if (leaving || turns.size === 0 || isWanted()) return;
  calledOff ??= setTimeout(() => {
    calledOff = undefined;
    if (leaving || turns.size === 0 || isWanted() || isHeld()) return;
    leaving = true;
    // None of it has taken effect, and none can any more.
    answerCalledOff();
    sayBye();
    void end();
  }, calledOffMs);
}

/**
 * Statements come behind what starts a process, says that it is alive, reads what is asked and makes room, of whatever instance:
 * that is this thread's, and short. Linux alone knows the priority of a thread; elsewhere all are alike.
 */
function putStatementsBehind(): void {
  const niceness = Math.min(19, getPriority() + statementsNiceness);
  try {
    for (const thread of readdirSync("/proc/self/task").map(Number))
      if (thread !== process.pid) setPriority(thread, niceness);
  } catch {
    // A sandbox may hide /proc or refuse: it serves as well without.
  }
}

/** What is said already is still sent. Then at once: exit would run destructors beside the engine's threads. */
async function end(): Promise<void> {
  const closed = [...clients.keys()].map((socket) => new Promise<void>((resolve) => socket.end(resolve)));
  await Promise.race([Promise.all(closed), new Promise((resolve) => setTimeout(resolve, 1000))]);
  process.kill(process.pid, "SIGKILL");
}

setInterval(
  () => {
    if (turns.size === 0 && !isHeld() && performance.now() - lastUse > settings.idleAfterMs) void leave();
    // A crash as any other: nothing else ends it.
    const longest = Math.max(0, ...[...turns].map((turn) => turn.workedMs));
    if (longest > settings.queryTimeoutMs + overtimeMs) process.kill(process.pid, "SIGABRT");
  },
  Math.min(settings.idleAfterMs, 1000),
);
process.stdin
  .on("end", () => void leave())
  .on("error", () => void leave())
  .resume();
// The library has made all of its threads by now, and libuv its own, on which statements run.
putStatementsBehind();
rmSync(socketPath, { force: true });
server.listen(socketPath, () => {
  chmodSync(socketPath, 0o600);
  // Whoever replaces or removes the data ends its process afterwards, but finds none that does not listen yet.
  if (opened !== undefined && identity() !== opened) process.kill(process.pid, "SIGKILL");
  process.stdout.write(tornLog ? "ready, torn log\n" : "ready\n");
});
