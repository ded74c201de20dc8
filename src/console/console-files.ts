import type { IncomingMessage, ServerResponse } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const pack = promisify(gzip);

const mediaTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
};

/**
 * The page may load from this service alone, and run no script that is not a file of it. Styles are the exception: the editor
 * writes its themes and measures into the page while it runs, and knows of no nonce.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  vary: "accept-encoding",
};

/** GraphiQL's page: a folder of files, served as they stand. */
export interface ConsoleFiles {
  /** `name` is what follows the page's own path; empty: the page. Answers false where there is no such file. */
  answer(request: IncomingMessage, response: ServerResponse, name: string): Promise<boolean>;
}

/** Whether a person's browser asks for a page, rather than a program for an answer. */
export const asksForPage = (request: IncomingMessage, url: URL): boolean =>
  request.method === "GET" && url.search === "" && /\btext\/html\b/.test(request.headers.accept ?? "");

/** Reads what `scripts/build-console.mjs` wrote; undefined where it wrote nothing. What it did not write is not served. */
export async function readConsoleFiles(
  folder = fileURLToPath(new URL("./web", import.meta.url)),
): Promise<ConsoleFiles | undefined> {
  const found = await readdir(folder, { recursive: true }).catch(() => []);
  const names = found.map((name) => name.split(sep).join("/")).filter((name) => extname(name) in mediaTypes);
  if (!names.includes("index.html")) return undefined;
  const known = new Set(names);
  // Read and packed when first asked for, and once: most services are never looked at with it, and all who ask share the
  // bytes, so that who asks and does not read takes no memory.
  const plain = onceForEach((name) => readFile(join(folder, name)));
  const packed = onceForEach(async (name) => pack(await readFile(join(folder, name))));
  return {
    async answer(request, response, path) {
      const name = path === "" ? "index.html" : path;
      if (!known.has(name)) return false;
      if (request.method !== "GET" && request.method !== "HEAD") {
        response.writeHead(405, { ...headers, allow: "GET, HEAD" }).end();
        return true;
      }
      const takesPacked = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
      const body = await (takesPacked ? packed(name) : plain(name));
      response.writeHead(200, {
        ...headers,
        "content-type": mediaTypes[extname(name)],
        "content-length": body.length,
        // Names of assets hold a digest of their content.
        "cache-control": name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        ...(takesPacked && { "content-encoding": "gzip" }),
      });
      response.end(request.method === "HEAD" ? undefined : body);
      return true;
    },
  };
}

/** What fails is tried again by who asks next. */
function onceForEach<Value>(make: (name: string) => Promise<Value>): (name: string) => Promise<Value> {
  const made = new Map<string, Promise<Value>>();
  return (name) => {
    const one = made.get(name) ?? make(name);
    made.set(name, one);
    one.catch(() => made.delete(name));
    return one;
  };
}
