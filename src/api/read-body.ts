import type { IncomingMessage } from "node:http";

/** Beyond this many times the limit a client is not listened to any longer. */
const patience = 64;

/**
 * The whole body as text. TOO_LARGE where it has more than `limit` bytes, NOT_UTF8 where it is no text. Rejects
 * where the client breaks off.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<{ readonly text: string } | "TOO_LARGE" | "NOT_UTF8"> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is too large is still read for a while, though not kept: a socket closed on a client that is
  // still sending loses the answer that tells it why.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > limit * patience) break;
  }
  if (size > limit) return "TOO_LARGE";
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return "NOT_UTF8";
  }
}

/** The key of `Authorization: Bearer <key>`, if there is one. */
export const bearerKey = (header: unknown): string | undefined =>
  typeof header === "string" ? /^Bearer +(\S+) *$/i.exec(header)?.[1] : undefined;

/** Of the header; an empty one is a key that is refused, not one that was not sent. */
export const idempotencyKeyOf = ({ headers }: IncomingMessage): string | undefined =>
  headers["idempotency-key"]?.toString();
