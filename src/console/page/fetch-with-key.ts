import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";

/** The endpoint of the service that served the page, also behind a proxy that puts a path before it. */
export const endpoint = new URL("../graphql", document.baseURI).href;

const send = createGraphiQLFetcher({
  url: endpoint,
  subscriptionUrl: endpoint.replace(/^http/, "ws"),
  enableIncrementalDelivery: false,
});

/**
 * Sends the key with requests as `Authorization`, and with sockets in `connection_init`. A key that stands in a tab's
 * header editor goes before the page's.
 */
export const fetchWithKey =
  (key: string | undefined): Fetcher =>
  (params, options) => {
    const { headers: given, ...rest } = options ?? {};
    const headers: Record<string, unknown> = key ? { Authorization: `Bearer ${key}` } : {};
    // Sockets tell cases apart.
    for (const [name, value] of Object.entries(given ?? {}))
      headers[/^authorization$/i.test(name) ? "Authorization" : name] = value;
    return send(params, { ...rest, headers });
  };
