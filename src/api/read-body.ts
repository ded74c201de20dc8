import type { IncomingMessage } from "node:http";

/** Beyond this many times the limit a client is not listened to any longer. */
const patience = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export const tooManyLarge =
  "The key has too many large requests under way; come again when one has come as a whole.";

/** The client has left before its body was read: its own affair. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

/** What takes a place is a body that has more bytes than `beyond`, until it has come as a whole. */
export interface PlacesForLarge {
  readonly beyond: number;
  readonly enter: () => (() => void) | undefined;
}

/**
 * The whole body as text. TOO_LARGE where it has more than `limit` bytes, NOT_UTF8 where it is no text, TOO_MANY where it is
 * large and there is no place for another one of those. Rejects with BrokenOff where the client leaves before that.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  places?: PlacesForLarge,
): Promise<{ readonly text: string } | "TOO_LARGE" | "NOT_UTF8" | "TOO_MANY"> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new BrokenOff("The client has left."));
    // While its key was looked up, say: what is destroyed tells nobody of anything any more.
    if (request.destroyed) return leave();
    // Each request is closed at last, and an error is dear: it says where it was made.
    request.once("close", () => request.complete || leave());
    const chunks: Buffer[] = [];
    let size = 0;
    let giveBack: (() => void) | undefined;
    let isKept = true;
    request.once("close", () => giveBack?.());
    // What is too large is still read for a while, though not kept: a socket closed on a client that is
    // still sending loses the answer that tells it why.
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (places && size > places.beyond && !giveBack && isKept) {
        giveBack = places.enter();
        isKept = giveBack !== undefined;
        if (!isKept) resolve("TOO_MANY");
      }
      if (size <= limit && isKept) chunks.push(chunk);
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

/** Hears what is still to come of a body that nobody asks for, as Node does by itself, but past the bound of pieces. */
export function discardRest(request: IncomingMessage): void {
  request.on("data", () => undefined);
  // From here on it counts as asked for.
  request.read(0);
}

/** The key of `Authorization: Bearer <key>`, if there is one. */
export const bearerKey = (header: unknown): string | undefined =>
  typeof header === "string" ? /^Bearer +(\S+) *$/i.exec(header)?.[1] : undefined;

/** Of the header; an empty one is a key that is refused, not one that was not sent. */
export const idempotencyKeyOf = ({ headers }: IncomingMessage): string | undefined =>
  headers["idempotency-key"]?.toString();
