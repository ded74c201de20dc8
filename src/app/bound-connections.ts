import type { Server } from "node:http";
import type { DropArgument, Socket } from "node:net";
import { networkOf } from "../api/limits/network-of.js";
import { OpenConnections } from "../api/open-connections.js";
import type { Limits } from "../config/limits.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";

export interface ConnectionParts {
  readonly limits: Pick<Limits, "connections" | "strangerConnections">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds, of no particular origin. */
  readonly stopwatch: () => number;
}

/** After a line in the log, none for so long: who is refused comes again and again. */
const quietMs = 60_000;

/**
 * Bounds how many connections are open, in all and of strangers from one address (of IPv6: one network). Whoever is one too
 * many is closed before anything is heard of it. A stranger is who has shown no good key over this connection: behind a proxy, or
 * in one office, all come from one address, and those whom we know must not be counted against each other. Answers
 * what is to be called when a connection is no stranger's any more.
 */
export function boundConnections(server: Server, parts: ConnectionParts): (known: Socket) => void {
  const { limits, metrics, logger, stopwatch } = parts;
  const strangers = new OpenConnections(limits.strangerConnections);
  const places = new WeakMap<Socket, () => void>();
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
  server.maxConnections = limits.connections;
  server.on("drop", (dropped?: DropArgument) => refused("all", dropped?.remoteAddress));
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const leave = strangers.enter(networkOf(address));
    if (!leave) {
      refused("address", address);
      return void socket.destroy();
    }
    places.set(socket, leave);
    socket.once("close", leave);
  });
  return (known) => places.get(known)?.();
}
