import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";

export const audience = "https://daguerre.example";

export interface OidcProvider {
  readonly issuer: string;
  /** The private keys it signs with now, the first first. */
  readonly keys: readonly JWK[];
  /** A token as the provider issues it to one of its clients. */
  fetchToken(client: string): Promise<string>;
  /** A token signed with the provider's key that says what the test wants, about the audience and the next minutes unless told. */
  sign(claims: JWTPayload, header?: { kid?: string; alg?: string }, key?: JWK): Promise<string>;
  /** Starts it anew with a new key: beside the old ones, or in their place. */
  rotate(how: "keep old" | "drop old"): Promise<void>;
  stop(): Promise<void>;
}

export async function makeKey(kid: string, alg = "RS256"): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}

/** A provider process on a port of its own; its clients get the claims given for them. */
export async function startOidcProvider(
  clients: Readonly<Record<string, Record<string, unknown>>>,
): Promise<OidcProvider> {
  const port = await findFreePort();
  const issuer = `http://127.0.0.1:${port}`;
  let keys = [await makeKey("first")];
  let child = await launch(port, { jwks: { keys }, audience, clients });
  const stop = async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  return {
    issuer,
    get keys() {
      return keys;
    },
    async fetchToken(client) {
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${client}:secret`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
      });
      const answer = (await response.json()) as { access_token?: string };
      if (!answer.access_token) throw new Error(`the provider gave no token: ${JSON.stringify(answer)}`);
      return answer.access_token;
    },
    async sign(claims, header = {}, key = keys[0]) {
      if (!key) throw new Error("the provider has no key");
      return new SignJWT({ iss: issuer, aud: audience, sub: "someone", ...claims })
        .setProtectedHeader({ alg: key.alg ?? "RS256", kid: key.kid ?? "", ...header })
        .sign(await importJWK(key));
    },
    async rotate(how) {
      const fresh = await makeKey(`key ${keys.length + 1} ${how}`);
      keys = how === "keep old" ? [fresh, ...keys] : [fresh];
      await stop();
      child = await launch(port, { jwks: { keys }, audience, clients });
    },
    stop,
  };
}

async function launch(port: number, order: unknown): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("oidc-provider-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(port), JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => chunk.includes("listening") && resolve());
    child.once("exit", () => reject(new Error(`the provider did not start: ${said}`)));
  });
  return child;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
