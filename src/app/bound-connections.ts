import type { Server } from "node:http";
import type { DropArgument, Socket } from "node:net";
import { networkOf } from "../api/limits/network-of.js";
import { OpenConnections } from "../api/open-connections.js";
import type { Limits } from "../config/limits.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import { WaitingRoom } from "./waiting-room.js";

export interface ConnectionParts {
  readonly limits: Pick<
    Limits,
    "connections" | "strangerConnections" | "waitingConnections" | "projectConnections"
  >;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds, of no particular origin. */
  readonly stopwatch: () => number;
  /** How long a connection may wait to be heard. */
  readonly waitMs?: number;
}

/** As long as a crowd may take that comes back as one, and not as long as a client waits. */
const longestWaitMs = 60_000;

/** After a line in the log, none for so long: who is refused comes again and again. */
const quietMs = 60_000;

export interface Connections {
  /** To be told of a connection that is no stranger's any more: it is of the project whose key came over it first. */
  readonly introduce: (known: Socket, project: string) => void;
  /** Whose a connection is, of which anything was heard. */
  readonly partyOf: (connection: Socket) => Party;
}

/** A project, by whose key a connection is known, or else the network that it comes from. */
export interface Party {
  readonly name: string;
  readonly isKnown: boolean;
}

/**
 * Bounds how many connections are open, in all and of strangers from one address (of IPv6: one network). Whoever is one too
 * many in all is closed before anything is heard of it. A stranger is who has shown no good key over this connection: behind a proxy, or
 * in one office, all come from one address, and those whom we know must not be counted against each other. At first
 * everybody is a stranger, also a crowd that comes back at once after a lost connection: who is one too many of an
 * address waits, unheard, until another is known or has gone; where too many wait, those of the address with most of them are
 * closed. One project's may not be all: beyond its share its connections stay strangers'.
 */
export function boundConnections(server: Server, parts: ConnectionParts): Connections {
  const { limits, metrics, logger, stopwatch } = parts;
  const strangers = new OpenConnections(limits.strangerConnections);
  const known = new OpenConnections(limits.projectConnections);
  const room = new WaitingRoom(limits.waitingConnections, parts.waitMs ?? longestWaitMs);
  /** Of strangers, how each gives its place back. */
  const places = new WeakMap<Socket, () => void>();
  const parties = new WeakMap<Socket, Party>();
  const lastTold = new Map<string, number>();
  function refused(bound: "all" | "address", address: string | undefined): void {
    metrics.connectionRefused(bound);
    if (stopwatch() - (lastTold.get(bound) ?? -Infinity) < quietMs) return;
    lastTold.set(bound, stopwatch());
    const [variable, allowed] =
      bound === "all"
        ? ["DAGUERRE_MAX_CONNECTIONS", limits.connections]
        : ["DAGUERRE_MAX_STRANGER_CONNECTIONS", limits.strangerConnections];
    logger.warn({ address, variable, allowed }, "connections are refused: there are as many as may be");
  }
  // Node would hear a connection as soon as it is there: what hears it is kept for when its turn has come. The documented way
  // is a `net.Server` in front that hands on by `emit("connection")`. But then the HTTP server does not listen, and one that
  // does not (seen on Node 24) neither bounds how long a head or a body takes to come nor closes who is idle. To emit
  // its "listening" too would be no better documented than this, and if that came to an end, no test would tell.
  const hearers = server.listeners("connection");
  server.removeAllListeners("connection");
  Object.assign(server, { pauseOnConnect: true });
  function hear(socket: Socket, network: string, leave: () => void): void {
    const free = () => {
      if (!places.delete(socket)) return;
      leave();
      const next = room.call(network);
      if (next) hear(next, network, strangers.enter(network)!);
    };
    places.set(socket, free);
    parties.set(socket, { name: network, isKnown: false });
    socket.once("close", free);
    for (const hearer of hearers) hearer.call(server, socket);
    socket.resume();
  }
  server.maxConnections = limits.connections;
  server.on("drop", (dropped?: DropArgument) => refused("all", dropped?.remoteAddress));
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const network = networkOf(address);
    const leave = strangers.enter(network);
    if (leave) return hear(socket, network, leave);
    const isLost = () => refused("address", address);
    if (room.enter(network, socket, isLost)) return;
    refused("address", address);
    socket.destroy();
  });
  return {
    introduce(socket, project) {
      const free = places.get(socket);
      const leave = free && known.enter(project);
      if (!leave) return;
      parties.set(socket, { name: project, isKnown: true });
      free();
      socket.once("close", leave);
    },
    partyOf: (socket) => parties.get(socket)!,
  };
}
