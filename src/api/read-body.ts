import type { IncomingMessage } from "node:http";

/** The whole body as text; undefined where it is larger than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too large is still read to its end, though not kept: a socket closed on a client that is
  // still sending loses the answer that tells it why.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > limit ? undefined : Buffer.concat(chunks).toString();
}

/** The key of `Authorization: Bearer <key>`, if there is one. */
export const bearerKey = (header: unknown): string | undefined =>
  typeof header === "string" ? /^Bearer +(\S+) *$/i.exec(header)?.[1] : undefined;
