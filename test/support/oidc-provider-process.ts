/**
 * An OpenID provider of its own process, as operators have them: `node oidc-provider-process.ts <port> <JSON>`, where the JSON
 * holds the private keys it signs with, the first first. Says "listening" when it is.
 */
import { Provider, type Configuration } from "oidc-provider";

interface Order {
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  readonly audience: string;
  /** Claims of the tokens of each client; a client's secret is "secret". */
  readonly clients: Readonly<Record<string, Record<string, unknown>>>;
}

const [port = "", text = ""] = process.argv.slice(2);
const { jwks, audience, clients } = JSON.parse(text) as Order;

const configuration: Configuration = {
  jwks: jwks,
  clients: Object.keys(clients).map((id) => ({
    client_id: id,
    client_secret: "secret",
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({
        scope: "",
        audience,
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
        jwt: { sign: { alg: (jwks.keys[0]?.["alg"] as "RS256" | undefined) ?? "RS256" } },
      }),
    },
  },
  extraTokenClaims: (_context, token) => ({
    sub: token.clientId,
    ...clients[token.clientId ?? ""],
  }),
};

new Provider(`http://127.0.0.1:${port}`, configuration).listen(Number(port), "127.0.0.1", () => {
  console.log("listening");
});
