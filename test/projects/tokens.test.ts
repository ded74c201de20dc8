import { createHmac, randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportSPKI, importJWK, type JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { toGlobalId } from "../../src/ids.js";
import { createTokenAuthenticator } from "../../src/projects/authenticate-token.js";
import { claimValues, type TokenSettings } from "../../src/projects/token-settings.js";
import { createTokenVerifier, type VerifyToken } from "../../src/projects/verify-token.js";
import type { Scope } from "../../src/projects/viewer.js";
import { insertProject } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { audience, makeKey, startOidcProvider, type OidcProvider } from "../support/oidc-provider.js";

let database: TestDatabase;
let provider: OidcProvider;
let scope: Scope;
let settings: TokenSettings;
/** The provider's process goes by the machine's clock. */
const now = new Date();
const inSeconds = (seconds: number) => Math.floor(now.getTime() / 1000) + seconds;

beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
  provider = await startOidcProvider({
    ci: { roles: ["dev", "backup-admin"], daguerre_project: toGlobalId("project", scope.projectId) },
  });
  settings = {
    issuer: provider.issuer,
    audience,
    roleClaim: "roles",
    roles: new Map([
      ["dev", "VIEWER"],
      ["backup-admin", "ADMIN"],
    ]),
    projectClaim: "daguerre_project",
    projects: new Map([["acme", scope.projectId]]),
  };
});
afterAll(async () => {
  await provider.stop();
  await database.drop();
});

const verifierOf = (changes: Partial<TokenSettings> = {}) =>
  createTokenVerifier({ ...settings, ...changes }, { cooldownMs: 0, stopwatch: () => 0 });
const authenticator = (changes: Partial<TokenSettings> = {}, verify: VerifyToken = verifierOf(changes)) =>
  createTokenAuthenticator(database.db, verify, { ...settings, ...changes });
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  roles: ["dev"],
  daguerre_project: "acme",
  exp: inSeconds(60),
  ...changes,
});
const reasonFor = (token: string, changes: Partial<TokenSettings> = {}) =>
  authenticator(changes)(token, now).then(
    () => "TAKEN",
    (error: unknown) => (error as { reason?: string }).reason ?? String(error),
  );

it("makes a viewer of a token that the provider issued", async () => {
  const viewer = await authenticator()(await provider.fetchToken("ci"), now);
  expect(viewer).toMatchObject({
    projectId: scope.projectId,
    projectName: "tenant",
    role: "ADMIN",
    keyId: "oidc|ci",
    keyName: "ci",
  });
  expect(viewer.expiresAt?.getTime()).toBeGreaterThan(now.getTime());
});

it("takes what the test itself signs with the provider's key, so that the refusals below are for their reasons", async () => {
  expect(await reasonFor(await provider.sign(claims()))).toBe("TAKEN");
});

describe("refuses", () => {
  it("a token without a signature", async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = encode({ iss: provider.issuer, aud: audience, sub: "someone", ...claims() });
    expect(await reasonFor(`${encode({ alg: "none" })}.${payload}.`)).toBe("INVALID_TOKEN");
    expect(await reasonFor(`${encode({ alg: "none", kid: "first" })}.${payload}.`)).toBe("INVALID_TOKEN");
  });

  it("a token signed with the provider's public key as if it were a secret", async () => {
    const key = provider.keys[0] ?? {};
    const publicKey = await importJWK({ kty: key.kty, n: key.n, e: key.e, alg: "RS256" } as never, "RS256", {
      extractable: true,
    });
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = encode({ iss: provider.issuer, aud: audience, sub: "someone", ...claims() });
    const pem = await exportSPKI(publicKey);
    for (const secret of [pem, pem.trim(), JSON.stringify({ kty: key.kty, n: key.n, e: key.e })])
      for (const kid of ["first", undefined]) {
        const signed = `${encode({ alg: "HS256", kid })}.${payload}`;
        const signature = createHmac("sha256", secret).update(signed).digest("base64url");
        expect(await reasonFor(`${signed}.${signature}`)).toBe("INVALID_TOKEN");
      }
  });

  it("a key that is not the provider's, under an unknown name and under the provider's own", async () => {
    const stranger = await makeKey("stranger");
    expect(await reasonFor(await provider.sign(claims(), {}, stranger))).toBe("INVALID_TOKEN");
    expect(await reasonFor(await provider.sign(claims(), { kid: "first" }, stranger))).toBe("INVALID_TOKEN");
  });

  it("a token that was changed after it was signed", async () => {
    const [head, , tail] = (await provider.sign(claims())).split(".");
    const payload = Buffer.from(JSON.stringify({ ...claims(), roles: ["backup-admin"] })).toString(
      "base64url",
    );
    expect(await reasonFor(`${head}.${payload}.${tail}`)).toBe("INVALID_TOKEN");
  });

  it.each<[string, JWTPayload, string]>([
    ["an expired one", { exp: inSeconds(-1) }, "TOKEN_EXPIRED"],
    ["one that expires at this instant", { exp: inSeconds(0) }, "TOKEN_EXPIRED"],
    ["one of the future", { nbf: inSeconds(30) }, "TOKEN_NOT_YET_VALID"],
    ["one for another service", { aud: "https://other.example" }, "TOKEN_WRONG_AUDIENCE"],
    ["one for several others", { aud: ["a", "b"] }, "TOKEN_WRONG_AUDIENCE"],
    ["one of another issuer", { iss: "https://other.example" }, "TOKEN_WRONG_ISSUER"],
    ["one without end", { exp: undefined }, "INVALID_TOKEN"],
    ["one about nobody", { sub: undefined }, "INVALID_TOKEN"],
    ["one about a number", { sub: 5 as never }, "INVALID_TOKEN"],
    ["one about a list", { sub: ["someone"] as never }, "INVALID_TOKEN"],
    ["one about what no database holds", { sub: "some\0one" }, "INVALID_TOKEN"],
    ["one without a role", { roles: [] }, "TOKEN_WITHOUT_ROLE"],
    ["one whose roles mean nothing here", { roles: ["ADMIN"] }, "TOKEN_WITHOUT_ROLE"],
    ["one without a project", { daguerre_project: undefined }, "TOKEN_WITHOUT_PROJECT"],
    [
      "one for a project that is not here",
      { daguerre_project: toGlobalId("project", randomUUID()) },
      "TOKEN_WITHOUT_PROJECT",
    ],
  ])("%s", async (_name, changes, reason) => {
    expect(await reasonFor(await provider.sign(claims(changes)))).toBe(reason);
  });

  it("one for two projects", async () => {
    const other = await insertProject(database.db);
    const both = ["acme", toGlobalId("project", other.projectId)];
    expect(await reasonFor(await provider.sign(claims({ daguerre_project: both })))).toBe(
      "TOKEN_WITHOUT_PROJECT",
    );
  });

  it.each(["eyJ.e30.x", "eyJhbGciOiJSUzI1NiJ9..", "eyJhbGciOiJSUzI1NiJ9.e30.####", ""])(
    "what is no token: %s",
    async (text) => {
      expect(await reasonFor(text)).toBe("INVALID_TOKEN");
    },
  );
});

describe("the provider's keys", () => {
  it("may change at any time, and a withdrawn one signs nothing more", async () => {
    const take = authenticator();
    const before = await provider.fetchToken("ci");
    await take(before, now);
    await provider.rotate("keep old");
    expect(await take(await provider.fetchToken("ci"), now)).toMatchObject({ role: "ADMIN" });
    const old = provider.keys[1];
    await provider.rotate("drop old");
    await take(await provider.fetchToken("ci"), now);
    await expect(take(await provider.sign(claims(), {}, old), now)).rejects.toMatchObject({
      reason: "INVALID_TOKEN",
    });
  });

  it("that cannot be read are nobody's fault who asks, and are asked for again", async () => {
    let answers = 0;
    const jwks = { keys: provider.keys.map(({ kty, n, e, kid, alg }) => ({ kty, n, e, kid, alg })) };
    const server = createServer((_request, response) =>
      ++answers === 1 ? response.writeHead(500).end() : response.end(JSON.stringify(jwks)),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const take = authenticator({ jwksUrl });
    const token = await provider.sign(claims());
    await expect(take(token, now)).rejects.toMatchObject({ reason: "PROVIDER_UNAVAILABLE" });
    expect(await take(token, now)).toMatchObject({ role: "VIEWER" });
    server.close();
    server.closeAllConnections();
    expect(await reasonFor(token, { jwksUrl })).toBe("PROVIDER_UNAVAILABLE");
    expect(await reasonFor(token, { issuer: "http://127.0.0.1:9" })).toBe("PROVIDER_UNAVAILABLE");
  });
});

it("asks a provider that does not answer once, however many tokens wait for it", async () => {
  let asked = 0;
  const hung = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => {
    asked++;
    hung.resolve(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const take = authenticator({ issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const token = await provider.sign(claims());
  const waiting = Array.from({ length: 20 }, () => take(token, now));
  const all = Promise.allSettled(waiting);
  (await hung.promise).writeHead(500).end();
  for (const { status } of await all) expect(status).toBe("rejected");
  expect(asked).toBe(1);
  server.close();
});

describe("asks a provider that is in trouble now and then, however many tokens come", () => {
  const cooldownMs = 60_000;
  let answer: (response: ServerResponse) => unknown;
  let asked = 0;
  let nowMs = 0;
  let origin: string;
  const server = createServer((_request, response) => {
    asked++;
    answer(response);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = nowMs = 0;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const take = (changes: Partial<TokenSettings>) =>
    authenticator(
      changes,
      createTokenVerifier({ ...settings, ...changes }, { cooldownMs, stopwatch: () => nowMs }),
    );
  const outcomeOf = (viewer: Promise<unknown>) =>
    viewer.then(
      () => "TAKEN",
      (error: unknown) => (error as { reason?: string }).reason,
    );

  it.each<[string, (response: ServerResponse) => unknown, "jwksUrl" | "issuer"]>([
    ["answers 500", (response) => response.writeHead(500).end(), "jwksUrl"],
    ["answers what is no JSON", (response) => response.end("<html>"), "jwksUrl"],
    ["answers what are no keys", (response) => response.end("{}"), "jwksUrl"],
    ["breaks off", (response) => response.destroy(), "jwksUrl"],
    ["is not found", (response) => response.writeHead(404).end(), "issuer"],
  ])("where it %s", async (_, trouble, setting) => {
    answer = trouble;
    const taking = take({ [setting]: origin });
    const token = await provider.sign(claims());
    for (let time = 0; time < 20; time++)
      expect(await outcomeOf(taking(token, now))).toBe("PROVIDER_UNAVAILABLE");
    nowMs = cooldownMs - 1;
    await outcomeOf(taking(token, now));
    expect(asked).toBe(1);
    nowMs = cooldownMs;
    await outcomeOf(taking(token, now));
    expect(asked).toBe(2);
  });

  it("and goes by the keys that it has while made-up ones cannot be looked for", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now });
    try {
      const jwks = { keys: provider.keys.map(({ kty, n, e, kid, alg }) => ({ kty, n, e, kid, alg })) };
      answer = (response) => response.end(JSON.stringify(jwks));
      const taking = take({ jwksUrl: `${origin}/keys` });
      const madeUp = await provider.sign(claims(), { kid: "made-up" });
      expect(await outcomeOf(taking(await provider.sign(claims()), now))).toBe("TAKEN");
      answer = (response) => response.writeHead(500).end();
      // The library's cooldown is over.
      vi.setSystemTime(now.getTime() + cooldownMs);
      for (let time = 0; time < 20; time++)
        expect(await outcomeOf(taking(madeUp, now))).toBe("PROVIDER_UNAVAILABLE");
      expect(asked).toBe(2);
      expect(await outcomeOf(taking(await provider.sign(claims({ jti: "another" })), now))).toBe("TAKEN");
    } finally {
      vi.useRealTimers();
    }
  });
});

it("takes a name and an end as they can be kept", async () => {
  const odd = await provider.sign(claims({ preferred_username: "a\0b", exp: 1e300 }));
  expect(await authenticator()(odd, now)).toMatchObject({ keyName: "ab", expiresAt: new Date(8.64e15) });
});

it("remembers what it has checked, until the token expires and for five minutes at most", async () => {
  let checked = 0;
  const verify = verifierOf();
  const take = authenticator({}, (token, at) => {
    checked++;
    return verify(token, at);
  });
  const at = (seconds: number) => new Date(inSeconds(seconds) * 1000);
  const [short, long] = [await provider.sign(claims()), await provider.sign(claims({ exp: inSeconds(900) }))];
  await take(short, at(0));
  await take(short, at(59));
  expect(checked).toBe(1);
  await expect(take(short, at(60))).rejects.toMatchObject({ reason: "TOKEN_EXPIRED" });
  await take(long, at(0));
  await take(long, at(299));
  expect(checked).toBe(3);
  await take(long, at(301));
  expect(checked).toBe(4);
});

it("finds claims by name, by the way to them, in lists and in words", () => {
  const found = { scope: "read write", "https://x.org/roles": ["a", 1], realm_access: { roles: ["b"] } };
  expect(claimValues(found, "scope")).toEqual(["read", "write"]);
  expect(claimValues(found, "https://x.org/roles")).toEqual(["a"]);
  expect(claimValues(found, "realm_access.roles")).toEqual(["b"]);
  expect(claimValues(found, "realm_access.none.roles")).toEqual([]);
  expect(claimValues(found, "constructor")).toEqual([]);
  expect(claimValues(found, "realm_access.constructor.name")).toEqual([]);
});
