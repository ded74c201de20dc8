import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDownloadLink } from "../../src/api/download-link.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "./edge.js";

const content = Buffer.from("0123456789");
let edge: Edge;
let link: string;
beforeAll(async () => {
  edge = await startEdge(
    {},
    {
      fileName: "graph.dump",
      sizeBytes: 10,
      sha256: "ab".repeat(32),
      open: (range) =>
        Readable.from([range ? content.subarray(range.start, range.start + range.length) : content]),
    },
  );
  const ends = new Date(edge.clock.now().getTime() + 60_000);
  link = createDownloadLink(
    edge.url,
    edge.parts.downloadKey,
    toGlobalId("operation", randomUUID()),
    ends,
  ).href;
});
afterAll(() => edge.close());

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

it("asks for a genuine link that has not ended", async () => {
  expect((await get({}, link.replace("op_", "op_0"))).status).toBe(403);
  edge.clock.advance(60_000);
  expect((await get()).status).toBe(410);
});
