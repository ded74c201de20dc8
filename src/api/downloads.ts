import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ArtifactError } from "../artifacts/artifact.js";
import type { Clock } from "../clock.js";
import { parseIdOf } from "../ids.js";
import { checkDownloadLink } from "./download-link.js";
import type { OpenConnections } from "./open-connections.js";

/** As the artifact store has it: `length` bytes from `start`. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export interface DownloadFile {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** All of it, or the range, which lies within it. Throws before any byte where it cannot be read: an ArtifactError, say. */
  open(range?: ByteRange): Readable | Promise<Readable>;
}

export interface DownloadParts {
  readonly clock: Clock;
  readonly downloadKey: Uint8Array;
  /** The file that an export made (by the operation's row id); undefined where there is none, or none any more. */
  readonly openDownload: (operationUuid: string) => Promise<DownloadFile | undefined>;
  /** Downloads under way, by operation. */
  readonly downloading: OpenConnections;
  readonly newRequestId: () => string;
  readonly logError: (error: unknown, requestId: string) => void;
}

const answer = (
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
) => void response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers }).end(text);

/** Undefined where the header asks for nothing that is served in part: several ranges, other units, nonsense. */
function parseRange(header: string | undefined, size: number): ByteRange | "UNSATISFIABLE" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    if (Number(last) === 0 || size === 0) return "UNSATISFIABLE";
    const length = Math.min(Number(last), size);
    return { start: size - length, length };
  }
  if (last !== "" && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return "UNSATISFIABLE";
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  return { start: Number(first), length: end - Number(first) };
}

const nothing: ByteRange = { start: 0, length: 0 };

/** The row promises a file that the store does not give. */
function refuse(parts: DownloadParts, response: ServerResponse, error: unknown): undefined {
  if (error instanceof ArtifactError && error.code === "MISSING") {
    answer(response, 404, "The file is gone; ask for another export.\n");
    return;
  }
  const requestId = parts.newRequestId();
  parts.logError(error, requestId);
  answer(response, 500, `The file cannot be read for now; request ${requestId}.\n`);
}

/** `GET` and `HEAD /downloads/<operation id>?expires=…&signature=…`: the link is the permission; no key is asked for. */
export async function answerDownload(
  parts: DownloadParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  operationId: string,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return answer(response, 405, "Use GET or HEAD.\n", { allow: "GET, HEAD" });
  const verdict = checkDownloadLink(url, parts.downloadKey, operationId, parts.clock.now());
  if (verdict === "FORGED") return answer(response, 403, "This link is not genuine.\n");
  if (verdict === "EXPIRED") return answer(response, 410, "This link has ended; ask for another export.\n");
  const leave = parts.downloading.enter(operationId);
  if (!leave)
    return answer(
      response,
      429,
      "This file is downloaded too often at once; come again when one has ended.\n",
      {
        "retry-after": "5",
      },
    );
  try {
    await sendFile(parts, request, response, operationId);
  } finally {
    leave();
  }
}

async function sendFile(
  parts: DownloadParts,
  request: IncomingMessage,
  response: ServerResponse,
  operationId: string,
): Promise<void> {
  const uuid = parseIdOf("operation", operationId);
  const file = uuid ? await parts.openDownload(uuid) : undefined;
  if (!file) return answer(response, 404, "There is no such file.\n");

  const etag = `"${file.sha256}"`;
  const shared = { etag, "accept-ranges": "bytes", "cache-control": "private, no-transform" };
  if (request.headers["if-none-match"]?.split(/\s*,\s*/).includes(etag))
    return void response.writeHead(304, shared).end();
  // A client that resumes another file than it began must get the whole of this one.
  const sameFile = [undefined, etag].includes(request.headers["if-range"] as string | undefined);
  const range =
    sameFile && request.method === "GET" ? parseRange(request.headers.range, file.sizeBytes) : undefined;
  if (range === "UNSATISFIABLE")
    return answer(response, 416, "The file ends before that.\n", {
      ...shared,
      "content-range": `bytes */${file.sizeBytes}`,
    });

  // Before the head: who is told 200 can be told nothing else any more. HEAD opens it too, and reads nothing.
  const opening = Promise.resolve().then(() => file.open(request.method === "HEAD" ? nothing : range));
  const content = await opening.catch((error: unknown) => refuse(parts, response, error));
  if (!content) return;
  // Nobody reads it for a client that has left meanwhile.
  if (response.destroyed) return void content.destroy();
  const plainName = file.fileName.replace(/[^\w.-]/g, "_");
  response.writeHead(range ? 206 : 200, {
    ...shared,
    "content-type": "application/octet-stream",
    "content-length": range?.length ?? file.sizeBytes,
    "content-disposition": `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    ...(range && {
      "content-range": `bytes ${range.start}-${range.start + range.length - 1}/${file.sizeBytes}`,
    }),
  });
  if (request.method === "HEAD") {
    content.destroy();
    return void response.end();
  }
  try {
    await pipeline(content, response);
  } catch (error) {
    // Clients stop downloads in the middle all the time.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
