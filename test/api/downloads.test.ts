import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createDownloadLink } from "../../src/api/download-link.js";
import { type ArtifactErrorCode, ArtifactError } from "../../src/artifacts/artifact.js";
import { StoreError } from "../../src/artifacts/artifact-store.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "./edge.js";

const logged: unknown[] = [];
const content = Buffer.from("0123456789");
const requestId = "the-request-at-hand";
let edge: Edge;
let link: string;
/** What opening the file throws. */
let fault: Error | undefined;
/** Files that are opened and give nothing yet, where they are to be held back. */
let held: { readonly files: Readable[]; readonly most: number; readonly allOpen: () => void } | undefined;
/** A file that takes its time to be opened. */
let late: { readonly asked: () => void; readonly file: Promise<Readable> } | undefined;
beforeAll(async () => {
  edge = await startEdge(
    { logError: (error, id) => logged.push([id, error]) },
    {
      fileName: "graph.dump",
      sizeBytes: 10,
      sha256: "ab".repeat(32),
      async open(range) {
        await Promise.resolve();
        if (fault) throw fault;
        if (late) {
          late.asked();
          return await late.file;
        }
        if (held && held.files.length < held.most) {
          const file = new Readable({ read: () => undefined });
          if (held.files.push(file) === held.most) held.allOpen();
          return file;
        }
        return Readable.from([range ? content.subarray(range.start, range.start + range.length) : content]);
      },
    },
  );
  link = newLink();
});
afterAll(() => edge.close());
beforeEach(() => {
  fault = undefined;
  held = undefined;
  late = undefined;
  logged.length = 0;
});

function newLink(): string {
  const ends = new Date(edge.clock.now().getTime() + 60_000);
  const operationId = toGlobalId("operation", randomUUID());
  return createDownloadLink(edge.url, edge.parts.downloadKey, operationId, ends).href;
}

const get = async (headers: Record<string, string> = {}, url = link, method = "GET") => {
  const response = await fetch(url, { headers, method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

it("serves the whole file", async () => {
  const whole = await get();
  expect([whole.status, whole.text]).toEqual([200, "0123456789"]);
  expect(whole.headers.get("content-length")).toBe("10");
  expect(whole.headers.get("content-disposition")).toContain('filename="graph.dump"');
  const head = await get({}, link, "HEAD");
  expect([head.status, head.text, head.headers.get("content-length")]).toEqual([200, "", "10"]);
  expect((await get({ "if-none-match": head.headers.get("etag") ?? "" })).status).toBe(304);
});

it.each([
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=7-", 206, "789", "bytes 7-9/10"],
  ["bytes=-2", 206, "89", "bytes 8-9/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=0-1,3-4", 200, "0123456789", null],
  ["bytes=10-", 416, "The file ends before that.\n", "bytes */10"],
])("answers the range %s with %i", async (range, status, text, contentRange) => {
  const part = await get({ range });
  expect([part.status, part.text, part.headers.get("content-range")]).toEqual([status, text, contentRange]);
});

it("resumes only the file it began", async () => {
  expect((await get({ range: "bytes=2-4", "if-range": '"other"' })).status).toBe(200);
});

it.each(["GET", "HEAD"])("says to %s that the file is gone, and nothing of it", async (method) => {
  fault = new ArtifactError("MISSING", "aws/eu/p/i/exports/1 does not exist");
  const gone = await get({}, link, method);
  expect([gone.status, gone.headers.get("etag"), gone.headers.get("content-disposition")]).toEqual([
    404,
    null,
    null,
  ]);
  expect(gone.text).toBe(method === "HEAD" ? "" : "The file is gone; ask for another export.\n");
  expect(logged).toEqual([]);
});

it.each([
  ...(["DAMAGED", "WRONG_KEY"] as const).map(
    (code: ArtifactErrorCode) => new ArtifactError(code, "it says more"),
  ),
  new StoreError("UNAVAILABLE", "the store is not in /home/somebody"),
])(
  "answers $name $code in words that tell nothing else, and logs it under the request's id",
  async (error) => {
    fault = error;
    const failed = await get({ range: "bytes=2-4", "x-request-id": requestId });
    expect([failed.status, failed.text]).toEqual([
      500,
      `The file cannot be read for now; request ${requestId}.\n`,
    ]);
    expect(failed.headers.get("content-range")).toBeNull();
    expect(logged).toEqual([[requestId, error]]);
  },
);

it("has a file downloaded so often at once, and no more, until one has ended", async () => {
  const most = edge.parts.limits.downloadsPerFile;
  const files: Readable[] = [];
  const allOpen = new Promise<void>((resolve) => {
    held = { files, most, allOpen: resolve };
  });
  const underWay = Array.from({ length: most }, () => get());
  await allOpen;

  const refused = await get();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
  expect((await get({}, newLink())).status).toBe(200);
  for (const file of files) {
    file.push(content);
    file.push(null);
  }
  expect((await Promise.all(underWay)).map(({ status, text }) => [status, text])).toEqual(
    files.map(() => [200, "0123456789"]),
  );
  expect((await get()).status).toBe(200);
});

it("closes the file of a client that has left while it was opened", async () => {
  const [asked, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<Readable>()];
  late = { asked: asked.resolve, file: opened.promise };
  const requests = edge.parts.metrics.registry.getSingleMetric("daguerre_http_request_duration_seconds")!;
  const told = async () => JSON.stringify((await requests.get()).values);
  const before = await told();
  const left = new AbortController();
  const download = fetch(link, { signal: left.signal }).catch(() => undefined);
  await asked.promise;
  left.abort();
  await download;
  await vi.waitFor(async () => expect(await told()).not.toBe(before), { timeout: 20_000 });
  const file = Readable.from([content]);
  const closed = once(file, "close");
  opened.resolve(file);
  await closed;
  expect(logged).toEqual([]);
});

it("asks for a genuine link that has not ended", async () => {
  expect((await get({}, link.replace("op_", "op_0"))).status).toBe(403);
  edge.clock.advance(60_000);
  expect((await get()).status).toBe(410);
});
