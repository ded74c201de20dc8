import type { IncomingMessage, RequestListener, Server } from "node:http";

/** As Node reads the header. */
const asksToContinue = /(?:^|\W)100-continue(?:$|\W)/i;

/** What Node answers by itself, before anybody hears of the request, unless the server is told to leave it. */
export const leftToUs = { requireHostHeader: false } as const;

/**
 * Has `hear` hear also what Node would refuse by itself: the moment that it is read, and so for all that one connection has sent at
 * once, before anybody else has a turn.
 */
export function hearWhatNodeRefuses(server: Server, hear: RequestListener): void {
  server.on("checkExpectation", hear);
}

/** RFC 9110 (7.2, 10.1.1): a request without a Host, and one that expects what nobody here can do. */
export function refusalOf({
  headers,
  httpVersion,
}: IncomingMessage): readonly [status: number, why: string] | undefined {
  if (httpVersion === "1.1" && headers.host === undefined) return [400, "Send a Host header.\n"];
  if (headers.expect !== undefined && !asksToContinue.test(headers.expect))
    return [417, "Expect nothing but 100-continue.\n"];
  return undefined;
}
