import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { Limits } from "../config/limits.js";
import { KeptDocuments } from "./kept-documents.js";
import { findConditionalStart } from "./check-subscriptions.js";

/** Errors that a document is told at once; looking for more would serve nobody but who wants to keep us busy. */
export const mostErrors = 5;

const refused = (code: string, error: GraphQLError) =>
  new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  });

/** Parses and validates documents of sockets and event streams as Apollo Server does those of HTTP, and keeps the valid ones. */
export function createDocuments(
  schema: GraphQLSchema,
  limits: Limits,
): (text: string) => DocumentNode | readonly GraphQLError[] {
  const kept = new KeptDocuments();
  return (text) => {
    const known = kept.get(text);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.tokens });
    } catch (error) {
      if (error instanceof GraphQLError) return [refused("GRAPHQL_PARSE_FAILED", error)];
      throw error;
    }
    const conditional = findConditionalStart(document);
    if (conditional) return [conditional];
    const errors = validate(schema, document, specifiedRules, { maxErrors: mostErrors });
    if (errors.length > 0) return errors.map((error) => refused("GRAPHQL_VALIDATION_FAILED", error));
    kept.set(text, document);
    return document;
  };
}
