import { createClient } from "graphql-ws";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../src/clock.js";
import { toGlobalId } from "../../src/ids.js";
import { createDaguerre, OperationProgressDocument } from "../../src/client/index.js";
import { createAuthenticator } from "../../src/projects/create-authenticator.js";
import type { TokenSettings } from "../../src/projects/token-settings.js";
import { audience, startOidcProvider, type OidcProvider } from "../support/oidc-provider.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let provider: OidcProvider;
/** Whether the provider can be reached. */
let down = false;
beforeAll(async () => {
  provider = await startOidcProvider({});
  edge = await startEdge({
    clock: systemClock,
    authenticate: (credentials) => (down ? unreachable : authenticate)(credentials),
    runStatement: () => Promise.resolve({ fields: [], values: [], wrote: false }),
  });
  const settings: TokenSettings = {
    issuer: provider.issuer,
    audience,
    roleClaim: "roles",
    roles: new Map([["VIEWER", "VIEWER"]]),
    projectClaim: "project",
    projects: new Map([["acme", edge.scope.projectId]]),
  };
  const authenticate = createAuthenticator(edge.db, systemClock, settings);
  const unreachable = createAuthenticator(edge.db, systemClock, {
    ...settings,
    issuer: "http://127.0.0.1:9",
  });
});
afterAll(async () => {
  await edge.close();
  await provider.stop();
});

const makeToken = (changes: object = {}, seconds = 60) =>
  provider.sign({
    exp: Math.floor(Date.now() / 1000) + seconds,
    roles: ["VIEWER"],
    project: "acme",
    ...changes,
  });

async function ask(token: string, query = "{ viewer { projectId role keyName } }") {
  const response = await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: unknown; errors?: { extensions: object }[] };
}

it("knows who bears a token, over HTTP", async () => {
  const projectId = toGlobalId("project", edge.scope.projectId);
  const viewer = { projectId, role: "VIEWER", keyName: "someone" };
  expect(await ask(await makeToken())).toMatchObject({ data: { viewer } });
});

it.each([
  ["an expired token", { exp: 1 }, "TOKEN_EXPIRED"],
  ["one for others", { aud: "other" }, "TOKEN_WRONG_AUDIENCE"],
  ["one without a project", { project: "nobody" }, "TOKEN_WITHOUT_PROJECT"],
])("tells %s why it is refused", async (_name, claims, reason) => {
  const { errors } = await ask(await makeToken(claims));
  expect(errors).toEqual([
    expect.objectContaining({
      extensions: expect.objectContaining({ code: "UNAUTHENTICATED", reason }) as object,
    }),
  ]);
});

it("holds tokens to the same roles as keys", async () => {
  const { errors } = await ask(await makeToken(), "{ apiKeys { totalCount } }");
  expect(errors?.[0]?.extensions).toMatchObject({ code: "FORBIDDEN" });
});

it("takes them in the Query API", async () => {
  const post = async (token: string) => {
    const id = toGlobalId("instance", edge.instanceId);
    const response = await fetch(`${edge.url}/db/${id}/query/v2`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ statement: "RETURN 1" }),
    });
    return response.status;
  };
  expect(await post(await makeToken())).toBe(202);
  expect(await post(await makeToken({ exp: 1 }))).toBe(401);
});

it("takes them on sockets, and closes those when they expire", async () => {
  const closing = (token: string, onConnected?: () => void) =>
    new Promise<number>((resolve) => {
      const client = createClient({
        url: `${edge.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        onNonLazyError: () => undefined,
        connectionParams: { Authorization: `Bearer ${token}` },
      });
      if (onConnected) client.on("connected", onConnected);
      client.on("closed", (event) => resolve((event as { code: number }).code));
    });
  let connected = false;
  const token = await makeToken({}, 2);
  expect(await closing(token, () => (connected = true))).toBe(4403);
  expect(connected).toBe(true);
  expect(await closing(token)).toBe(4403);
});

describe("while the provider does not answer", () => {
  beforeEach(() => void (down = true));
  afterEach(() => void (down = false));

  it.each(["/graphql", "/graphql/stream", "/db/x/query/v2"])(
    "a request at %s is told to come again",
    async (path) => {
      const body = JSON.stringify({ query: "{ viewer { role } }", statement: "RETURN 1" });
      const headers = { authorization: `Bearer ${await makeToken()}`, "content-type": "application/json" };
      const response = await fetch(edge.url + path, { method: "POST", headers, body });
      expect(response.status).toBe(503);
      expect(await response.text()).toMatch(/the provider does not answer: try again later/);
    },
  );

  it("a socket is closed with 1013, and the client comes again until it is let in", async () => {
    const closes: [code: number, reason: string][] = [];
    class Recording extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        this.on("close", (code, reason) => closes.push([code, reason.toString()]));
      }
    }
    let attempts = 0;
    const daguerre = createDaguerre({
      url: `${edge.url}/graphql`,
      key: () => makeToken(),
      webSocket: Recording,
      retryWait: () => {
        // Away for two more attempts.
        down = ++attempts < 3;
        return Promise.resolve();
      },
    });
    const operationId = toGlobalId("operation", await edge.insertOperation());
    const states = daguerre.subscribe(OperationProgressDocument, { operationId });
    expect((await states.next()).value).toMatchObject({ operationProgress: { status: "RUNNING" } });
    expect(attempts).toBe(3);
    expect(closes).toEqual(
      Array(3).fill([
        1013,
        "The token cannot be checked, because the provider does not answer: try again later.",
      ]),
    );
    await states.return();
    await daguerre.close();
  });
});
