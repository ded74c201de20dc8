import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { GraphQLError } from "graphql";
import { z } from "zod";
import { ConfigError } from "../config/config.js";

/** The documents that may be asked for, by the ids that clients name them with. */
export interface TrustedDocuments {
  /** By `sha256:` and the digest of the text, and by the id that the manifest gives. */
  readonly byId: ReadonlyMap<string, string>;
}

const texts = z.record(z.string().min(1), z.string().min(1));
/** What the tools write: Apollo's a list, codegen and Relay texts by id. */
const manifest = z.union([
  z
    .object({ operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })) })
    .transform((file) => file.operations.map(({ id, body }) => [id, body] as const)),
  texts.transform((file) => Object.entries(file)),
]);

const idOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Throws where an id would mean two documents, or says of its document's digest what is not so. */
export function trust(documents: Iterable<readonly [id: string, text: string]>): TrustedDocuments {
  const byId = new Map<string, string>();
  for (const [id, text] of documents) {
    if (id.startsWith("sha256:") && id !== idOf(text))
      throw new Error(`${id} is not the digest of its document`);
    if ((byId.get(id) ?? text) !== text) throw new Error(`${id} stands for two documents`);
    byId.set(id, text).set(idOf(text), text);
  }
  return { byId };
}

/** Reads the file that DAGUERRE_TRUSTED_DOCUMENTS names, if it names one. Throws ConfigError. */
export async function readTrustedDocuments(path: string | undefined): Promise<TrustedDocuments | undefined> {
  if (path === undefined) return undefined;
  try {
    return trust(manifest.parse(JSON.parse(await readFile(path, "utf8"))));
  } catch (cause) {
    const why =
      cause instanceof z.ZodError
        ? "it is neither Apollo's manifest nor a JSON object of documents by id"
        : (cause as Error).message;
    throw new ConfigError(
      `DAGUERRE_TRUSTED_DOCUMENTS cannot be read (${why}); correct the file, or unset it`,
      { cause },
    );
  }
}

/** What names a document in a request, over whatever transport. */
export interface DocumentParams {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

const refused = (code: string, message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

/** Apollo's hash, if the request has one. */
export function persistedHash({ extensions }: DocumentParams): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === "string" ? hash : undefined;
}

/**
 * Refuses what Apollo Server would refuse as well, in its words, but as faults of ours. An extension that says nothing, as null
 * does, is none.
 */
function checkPersisted(params: DocumentParams, text: string | undefined): void {
  const { persistedQuery } = (params.extensions ?? {}) as { persistedQuery?: unknown };
  if (!persistedQuery) return;
  if ((persistedQuery as { version?: unknown }).version !== 1)
    throw refused("BAD_REQUEST", "Unsupported persisted query version");
  const hash = persistedHash(params);
  if (hash === undefined) throw refused("BAD_REQUEST", "Send `sha256Hash` of a persisted query as a string.");
  if (text !== undefined && `sha256:${hash}` !== idOf(text))
    throw refused("BAD_REQUEST", "provided sha does not match query");
}

const digestOf = (id: string) => `sha256:${id.replace(/^sha256:/, "").toLowerCase()}`;
const isDigest = (id: string) => /^sha256:[0-9a-f]{64}$/.test(digestOf(id));

/**
 * The text of the document that a request means: by `documentId` (GraphQL over HTTP's appendix), by Apollo's hash, or
 * as it stands there. Where documents are trusted, none but those; otherwise undefined leaves the request as it is, with
 * Apollo's automatic persisted queries. Throws where there is no such document, and where id and text name two.
 */
export function findDocument(
  trusted: TrustedDocuments | undefined,
  params: DocumentParams,
): string | undefined {
  const { documentId } = params;
  if (documentId !== undefined && documentId !== null && typeof documentId !== "string")
    throw refused("BAD_REQUEST", "Send `documentId` as a string.");
  // Sockets must send a text: an empty one says nothing.
  const text = typeof params.query === "string" && params.query !== "" ? params.query : undefined;
  const id = documentId ?? persistedHash(params);
  if (text !== undefined && id !== undefined && isDigest(id) && digestOf(id) !== idOf(text))
    throw refused(
      "BAD_REQUEST",
      "The document that was sent is not the one that its id names: send one of them.",
    );
  if (!trusted) {
    checkPersisted(params, text);
    if (documentId == null || text !== undefined) return undefined;
    throw refused(
      "PERSISTED_QUERY_NOT_FOUND",
      "This service was given no documents: send the document itself.",
    );
  }
  const named = id ?? idOf(text ?? "");
  const known = trusted.byId.get(named) ?? trusted.byId.get(digestOf(named));
  if (known !== undefined && (text === undefined || text === known)) return known;
  throw refused(
    "DOCUMENT_NOT_TRUSTED",
    "This service answers known documents alone, and this is none of them: ask its operator to add it.",
  );
}
