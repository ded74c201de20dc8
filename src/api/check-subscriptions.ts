import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Limits } from "../config/limits.js";

/**
 * What is wrong with a document whose subscription begins under `@skip` or `@include`: it would follow nothing. The
 * specification forbids it; graphql-js throws at it where a variable decides, and falls over what is left otherwise. So it
 * is looked for before anything is found valid.
 */
export function findConditionalStart({ definitions }: DocumentNode): GraphQLError | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) continue;
    const found = findConditional(definition.selectionSet, fragments);
    if (found)
      return new GraphQLError("What a subscription follows must not stand under @skip or @include.", {
        nodes: found,
        extensions: { code: "GRAPHQL_VALIDATION_FAILED", http: { status: 400 } },
      });
  }
  return undefined;
}

/** Whether it is worth a look: nearly nothing is read twice for `refuseSubscription`. */
export const mentionsSubscription = (text: unknown): text is string =>
  typeof text === "string" && text.includes("subscription");

/** What is answered once cannot follow anything. */
export const followElsewhere = () =>
  new GraphQLError("Follow subscriptions over a WebSocket, or with Accept: text/event-stream.", {
    extensions: { code: "BAD_REQUEST", http: { status: 400 } },
  });

/**
 * Throws where a request that is answered once asks to follow something. What cannot be parsed is told by who reads it next.
 */
export function refuseSubscription(
  text: string,
  operationName: unknown,
  limits: Pick<Limits, "tokens">,
): void {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: limits.tokens });
  } catch {
    return;
  }
  const name = typeof operationName === "string" ? operationName : undefined;
  if (getOperationAST(document, name)?.operation === OperationTypeNode.SUBSCRIPTION) throw followElsewhere();
  const conditional = findConditionalStart(document);
  if (conditional) throw conditional;
}

/** Each fragment is looked at once, and then no more: they may spread each other in a circle, as nobody has checked. */
function findConditional(
  { selections }: SelectionSetNode,
  fragments: Map<string, FragmentDefinitionNode>,
): SelectionNode | undefined {
  for (const selection of selections) {
    if (selection.directives?.some(({ name }) => name.value === "skip" || name.value === "include"))
      return selection;
    if (selection.kind === Kind.FIELD) continue;
    const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (selection.kind === Kind.FRAGMENT_SPREAD) fragments.delete(selection.name.value);
    const found = below && findConditional(below.selectionSet, fragments);
    if (found) return found;
  }
  return undefined;
}
