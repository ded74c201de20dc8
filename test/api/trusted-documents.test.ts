import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createClient as createStream } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { trust } from "../../src/api/trusted-documents.js";
import { createDaguerre, OperationProgressDocument, ViewerDocument } from "../../src/client/index.js";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "./edge.js";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const known = "{ viewer { role } }";
const unknown = "{ viewer { project } }";
const deep = "{ instances { nodes { snapshots { nodes { chain { instance { name } } } } } } }";
const change = 'mutation { revokeApiKey(input: { keyId: "x" }) { errors { __typename } } }';
const manifest = new URL("../../schema/persisted-documents.json", import.meta.url);

type Params = Record<string, unknown>;
interface Told {
  readonly data?: Params | null;
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[];
}
type Send = (edge: Edge, params: Params) => Promise<Told>;

const headers = {
  authorization: "Bearer viewer",
  accept: "application/graphql-response+json",
  "apollo-require-preflight": "true",
};
const addressOf = (edge: Edge, params: Params, path = "/graphql") => {
  const texts = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return `${edge.url}${path}?${new URLSearchParams(texts).toString()}`;
};

const overPost: Send = async (edge, params) => {
  const response = await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return (await response.json()) as Told;
};
const overGet: Send = async (edge, params) =>
  (await (await fetch(addressOf(edge, params), { headers })).json()) as Told;
/** The first result of what a client of graphql-ws or graphql-sse is told; its list of errors as one. */
const first = async (results: AsyncIterableIterator<unknown>): Promise<Told> => {
  try {
    return ((await results.next()) as { value: Told }).value;
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    return { errors: errors as Told["errors"] };
  }
};
const overSocket: Send = async (edge, params) => {
  const client = createSocket({
    url: `${edge.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { Authorization: headers.authorization },
  });
  const told = await first(client.iterate({ query: "", ...params }));
  await client.dispose();
  return told;
};
const overStream: Send = async (edge, params) => {
  const { authorization } = headers;
  const client = createStream({
    url: `${edge.url}/graphql/stream`,
    headers: { authorization },
    retryAttempts: 0,
  });
  const told = await first(client.iterate({ query: "", ...params }));
  client.dispose();
  return told;
};
const transports: [string, Send][] = [
  ["POST", overPost],
  ["GET", overGet],
  ["WebSocket", overSocket],
  ["event stream", overStream],
];
const codeOf = ({ errors }: Told) => errors?.map(({ extensions }) => extensions?.code);
const persisted = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: digest(text) } },
});

describe("a service that answers trusted documents alone", () => {
  let edge: Edge;
  beforeAll(async () => {
    const trustedDocuments = trust([
      ["role-of-viewer", known],
      ["change", change],
      ...Object.entries(JSON.parse(await readFile(manifest, "utf8")) as Record<string, string>),
    ]);
    edge = await startEdge({ trustedDocuments });
  });
  afterAll(() => edge.close());

  describe.each(transports)("over %s", (_, send) => {
    it.each([
      ["the appendix's id", { documentId: `sha256:${digest(known)}` }],
      ["a bare digest", { documentId: digest(known).toUpperCase() }],
      ["the manifest's own id", { documentId: "role-of-viewer" }],
      ["Apollo's hash", persisted(known)],
      ["its text", { query: known }],
      ["id and text", { documentId: `sha256:${digest(known)}`, query: known }],
      ["own id and text", { documentId: "role-of-viewer", query: known }],
    ])("runs a document named by %s", async (_name, params) => {
      expect(await send(edge, params)).toMatchObject({ data: { viewer: { role: "VIEWER" } } });
    });

    it.each([
      ["text", { query: unknown }],
      ["known text with a space more", { query: `${known} ` }],
      ["unknown id", { documentId: `sha256:${digest(unknown)}` }],
      ["unknown id, with its text", { documentId: `sha256:${digest(unknown)}`, query: unknown }],
      ["id of another kind", { documentId: "x-md5:d41d8cd98f00b204e9800998ecf8427e" }],
      ["known id of one's own, for another text", { documentId: "role-of-viewer", query: unknown }],
      ["Apollo's hash", persisted(unknown)],
      ["Apollo's hash, with its text: nothing is registered", { query: unknown, ...persisted(unknown) }],
    ])("refuses what it does not know: %s", async (_name, params) => {
      const told = await send(edge, params);
      expect(codeOf(told)).toEqual(["DOCUMENT_NOT_TRUSTED"]);
      expect(told.data ?? null).toBeNull();
    });

    it("refuses a text that its id does not name", async () => {
      const told = await send(edge, { documentId: `sha256:${digest(known)}`, query: unknown });
      expect(codeOf(told)).toEqual(["BAD_REQUEST"]);
    });
  });

  it("goes by the address of a GET, whatever its body names", async () => {
    const body = JSON.stringify({ query: known });
    const answer = await new Promise<Told>((resolve, reject) => {
      const sent = request(
        addressOf(edge, { query: unknown }),
        {
          method: "GET",
          headers: { ...headers, "content-type": "application/json", "content-length": body.length },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve(JSON.parse(text) as Told));
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
    expect(codeOf(answer)).toEqual(["DOCUMENT_NOT_TRUSTED"]);
  });

  it("runs no mutation by GET, however it is named", async () => {
    expect((await fetch(addressOf(edge, { documentId: "change" }), { headers })).status).toBe(405);
  });

  it("is asked by daguerre/client with ids, over HTTP and WebSocket", async () => {
    const id = await edge.insertOperation();
    const operationId = toGlobalId("operation", id);
    const url = `${edge.url}/graphql`;
    const options = { url, key: "viewer", webSocket: WebSocket };
    const byText = createDaguerre(options);
    await expect(byText.request(ViewerDocument)).rejects.toMatchObject({ code: "DOCUMENT_NOT_TRUSTED" });
    const daguerre = createDaguerre({ ...options, sendDocumentIds: true });
    expect(await daguerre.request(ViewerDocument)).toMatchObject({ viewer: { role: "VIEWER" } });
    const events = daguerre.subscribe(OperationProgressDocument, { operationId });
    const progress = { operationProgress: { id: operationId, status: "RUNNING" } };
    expect((await events.next()).value).toMatchObject(progress);
    await events.return();
    await daguerre.close();
  });
});

describe("a service that was given no documents", () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ limits: { ...defaultLimits, depth: 5, cost: 50 } });
  });
  afterAll(() => edge.close());

  it.each(transports)("says so to who names one by %s, and takes id and text together", async (_, send) => {
    const documentId = `sha256:${digest(known)}`;
    expect(codeOf(await send(edge, { documentId }))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    expect(await send(edge, { documentId, query: known })).toMatchObject({ data: { viewer: {} } });
    expect(codeOf(await send(edge, { documentId, query: unknown }))).toEqual(["BAD_REQUEST"]);
  });

  it.each([transports[0], transports[1]] as [string, Send][])(
    "registers by automatic persisted queries over %s",
    async (name, send) => {
      const query = `{ viewer { role keyName } } # ${name}`;
      const missed = await send(edge, persisted(query));
      expect(missed.errors).toMatchObject([
        { message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } },
      ]);
      expect(await send(edge, { query, ...persisted(query) })).toMatchObject({ data: { viewer: {} } });
      expect(await send(edge, persisted(query))).toMatchObject({ data: { viewer: {} } });
    },
  );

  it.each([transports[2], transports[3]] as [string, Send][])(
    "tells a client to send the text over %s",
    async (_, send) => {
      expect((await send(edge, persisted(known))).errors).toMatchObject([
        { message: "PersistedQueryNotSupported", extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } },
      ]);
      expect(await send(edge, { query: known, ...persisted(known) })).toMatchObject({ data: { viewer: {} } });
    },
  );

  it("registers nothing under another's hash, and nothing invalid", async () => {
    const query = "{ viewer { role } } # mine";
    expect(codeOf(await overPost(edge, { query: unknown, ...persisted(query) }))).toEqual(["BAD_REQUEST"]);
    expect(codeOf(await overPost(edge, persisted(query)))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    const invalid = "{ nothing }";
    expect(codeOf(await overPost(edge, { query: invalid, ...persisted(invalid) }))).toEqual([
      "GRAPHQL_VALIDATION_FAILED",
    ]);
    expect(codeOf(await overPost(edge, persisted(invalid)))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
  });

  it("holds registered documents to the same limits, and registers none beyond them", async () => {
    const tooDeep = { query: deep, ...persisted(deep) };
    expect(codeOf(await overPost(edge, tooDeep))).toEqual(["DOCUMENT_TOO_COMPLEX"]);
    expect(codeOf(await overPost(edge, persisted(deep)))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    const query = "query ($n: Int) { instances(first: $n) { nodes { id } } }";
    const register = { query, variables: { n: 1 }, ...persisted(query) };
    expect(await overPost(edge, register)).toMatchObject({ data: { instances: {} } });
    const costly = { variables: { n: 100 }, ...persisted(query) };
    expect(codeOf(await overPost(edge, costly))).toEqual(["COST_LIMIT_EXCEEDED"]);
  });

  it("keeps registered documents within bounds: the oldest go", async () => {
    // 80 documents of 600 kB are 48 MB, in a memory of 30 MiB.
    const text = (n: number) => `{ viewer { role } } #${String(n).padStart(600_000, ".")}`;
    for (let n = 0; n < 80; n++) {
      const query = text(n);
      expect((await overPost(edge, { query, ...persisted(query) })).errors).toBeUndefined();
    }
    expect(codeOf(await overPost(edge, persisted(text(0))))).toEqual(["PERSISTED_QUERY_NOT_FOUND"]);
    expect(await overPost(edge, persisted(text(79)))).toMatchObject({ data: { viewer: {} } });
  });
});

describe.each(transports)("a service that takes any document, over %s", (name, send) => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge();
  });
  afterAll(() => edge.close());

  it.each([
    ["no version", { sha256Hash: digest(known) }],
    ["another version", { version: 2, sha256Hash: digest(known) }],
    ["no hash", { version: 1 }],
    ["a hash that is no string", { version: 1, sha256Hash: [digest(known)] }],
    ["a hash that is none", { version: 1, sha256Hash: "x" }],
    ["another's hash", { version: 1, sha256Hash: digest(unknown) }],
    ["a hash in capitals", { version: 1, sha256Hash: digest(known).toUpperCase() }],
    ["a word", "x"],
  ])("refuses a persisted query with %s as the client's fault", async (_, persistedQuery) => {
    const told = await send(edge, { query: known, extensions: { persistedQuery } });
    expect(codeOf(told)).toEqual(["BAD_REQUEST"]);
    if (name === "POST") {
      const response = await fetch(`${edge.url}/graphql`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ query: known, extensions: { persistedQuery } }),
      });
      expect(response.status).toBe(400);
    }
    expect(edge.logged.splice(0)).toEqual([]);
  });
});
