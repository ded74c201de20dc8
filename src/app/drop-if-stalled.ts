import type { IncomingMessage, ServerResponse } from "node:http";
import type { Limits } from "../config/limits.js";
import type { Metrics } from "../telemetry/metrics.js";

export interface StalledParts {
  readonly limits: Pick<Limits, "stalledReaderMs">;
  readonly metrics: Metrics;
}

/**
 * Lets a client go that takes nothing of what waits for it: an answer, an event stream or a download would hold memory,
 * files and operations for it without end. Node calls when no byte has moved either way for so long; a client that we keep
 * waiting ourselves has nothing to take, and goes on waiting.
 */
export function dropIfStalled(
  { socket }: IncomingMessage,
  response: ServerResponse,
  { limits, metrics }: StalledParts,
): void {
  socket.setTimeout(limits.stalledReaderMs);
  response.on("timeout", () => {
    if (socket.writableLength === 0) return void socket.setTimeout(limits.stalledReaderMs);
    metrics.readerDropped("http");
    socket.destroy();
  });
}
