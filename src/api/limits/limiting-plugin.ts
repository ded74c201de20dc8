import type { ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode } from "graphql";
import { followElsewhere } from "../check-subscriptions.js";
import type { Context } from "../context.js";
import { withoutSuggestions } from "../suggestions.js";
import { rateLimitHeaders, readingCost, type Admission, type Admit, type ChargeTime } from "./admission.js";
import type { Buckets } from "./buckets.js";

/**
 * Limits for GraphQL over HTTP: admits operations once they are found valid, and tells what they cost. Reading them has
 * been charged already, when the context was made: the last step before Apollo parses.
 */
export const createLimitingPlugin = (
  admit: Admit,
  buckets: Buckets,
  time: ChargeTime,
): ApolloServerPlugin<Context> => ({
  requestDidStart: () => {
    let admission: Admission | undefined;
    let begun: number;
    return Promise.resolve({
      // Of a document that is kept, neither is asked.
      parsingDidStart: ({ contextValue }) => {
        begun = time.begin();
        // What can be parsed is charged with its validation.
        return Promise.resolve(async (error) => {
          if (error) time.end(contextValue, begun);
        });
      },
      validationDidStart: ({ contextValue }) => Promise.resolve(async () => time.end(contextValue, begun)),
      async didResolveOperation({ contextValue, document, operation, request }) {
        // One whose text was not sent, but its hash, nobody has looked at before.
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw followElsewhere();
        admission = admit(contextValue, document, request.operationName, request.variables, readingCost);
      },
      async willSendResponse({ response: { body, http }, contextValue }) {
        if (body.kind !== "single") return;
        const { singleResult } = body;
        if (!contextValue.viewer && singleResult.errors)
          singleResult.errors = singleResult.errors.map(withoutSuggestions);
        if (!admission) return;
        const { cost, state } = admission.settle(singleResult);
        singleResult.extensions = { ...singleResult.extensions, cost };
        for (const [name, value] of rateLimitHeaders(buckets, state)) http.headers.set(name, value);
      },
    });
  },
});
