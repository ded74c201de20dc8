import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { GraphQLError } from "graphql";
import { z } from "zod";
import { ConfigError } from "../config/config.js";

/** The documents that may be asked for, by their SHA-256 in hexadecimal. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Either texts by any name, or the manifest that Apollo's tools write. */
const manifest = z.union([
  z
    .object({ operations: z.array(z.object({ body: z.string() })) })
    .transform((file) => file.operations.map((one) => one.body)),
  z.record(z.string(), z.string()).transform((file) => Object.values(file)),
]);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export const trust = (texts: readonly string[]): TrustedDocuments =>
  new Map(texts.map((text) => [sha256(text), text]));

/** Reads the file that DAGUERRE_TRUSTED_DOCUMENTS names, if it names one. Throws ConfigError. */
export async function readTrustedDocuments(path: string | undefined): Promise<TrustedDocuments | undefined> {
  if (path === undefined) return undefined;
  try {
    return trust(manifest.parse(JSON.parse(await readFile(path, "utf8"))));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
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

const hashOf = ({ documentId, extensions }: DocumentParams): string | undefined => {
  if (typeof documentId === "string") return documentId.replace(/^sha256:/, "").toLowerCase();
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === "string" ? hash.toLowerCase() : undefined;
};

/**
 * The text of the document that a request means: by `documentId: "sha256:…"` (GraphQL over HTTP's appendix), by
 * Apollo's hash, or as it stands there. Where documents are trusted, none but those; otherwise undefined leaves
 * the request as it is, with Apollo's automatic persisted queries. Throws where there is no such document.
 */
export function findDocument(
  trusted: TrustedDocuments | undefined,
  params: DocumentParams,
): string | undefined {
  const hash = hashOf(params);
  if (!trusted) {
    if (params.documentId === undefined) return undefined;
    throw refused(
      "PERSISTED_QUERY_NOT_FOUND",
      "This service was given no documents: send the document itself.",
    );
  }
  const text = typeof params.query === "string" ? params.query : undefined;
  const known = trusted.get(hash ?? (text === undefined ? "" : sha256(text)));
  if (known !== undefined && (text === undefined || text === known)) return known;
  throw refused(
    "DOCUMENT_NOT_TRUSTED",
    "This service answers known documents alone, and this is none of them.",
  );
}
