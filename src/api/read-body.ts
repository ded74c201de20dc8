import type { IncomingMessage } from "node:http";

/** Beyond this many times the limit a client is not listened to any longer. */
const patience = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The client has left before its body was read: its own affair. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

/**
 * The whole body as text. TOO_LARGE where it has more than `limit` bytes, NOT_UTF8 where it is no text. Rejects
 * with BrokenOff where the client leaves before that.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<{ readonly text: string } | "TOO_LARGE" | "NOT_UTF8"> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new BrokenOff("The client has left."));
    // While its key was looked up, say: what is destroyed tells nobody of anything any more.
    if (request.destroyed) return leave();
    request.once("close", leave);
    const chunks: Buffer[] = [];
    let size = 0;
    // What is too large is still read for a while, though not kept: a socket closed on a client that is
    // still sending loses the answer that tells it why.
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size <= limit * patience) return;
      resolve("TOO_LARGE");
      request.destroy();
    });
    request.once("end", () => {
      if (size > limit) return resolve("TOO_LARGE");
      try {
        resolve({ text: utf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) });
      } catch {
        resolve("NOT_UTF8");
      }
    });
    request.once("error", leave);
  });
}

/** The key of `Authorization: Bearer <key>`, if there is one. */
export const bearerKey = (header: unknown): string | undefined =>
  typeof header === "string" ? /^Bearer +(\S+) *$/i.exec(header)?.[1] : undefined;

/** Of the header; an empty one is a key that is refused, not one that was not sent. */
export const idempotencyKeyOf = ({ headers }: IncomingMessage): string | undefined =>
  headers["idempotency-key"]?.toString();
