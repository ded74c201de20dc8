import { createClient } from "graphql-ws";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../src/clock.js";
import { toGlobalId } from "../../src/ids.js";
import { createAuthenticator } from "../../src/projects/create-authenticator.js";
import { audience, startOidcProvider, type OidcProvider } from "../support/oidc-provider.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let provider: OidcProvider;
beforeAll(async () => {
  provider = await startOidcProvider({});
  edge = await startEdge({
    clock: systemClock,
    authenticate: (credentials) => authenticate(credentials),
    runStatement: () => Promise.resolve({ fields: [], values: [], wrote: false }),
  });
  const authenticate = createAuthenticator(edge.db, systemClock, {
    issuer: provider.issuer,
    audience,
    roleClaim: "roles",
    roles: new Map([["VIEWER", "VIEWER"]]),
    projectClaim: "project",
    projects: new Map([["acme", edge.scope.projectId]]),
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
