import type { ApolloServerPlugin } from "@apollo/server";
import type { Metrics } from "../telemetry/metrics.js";
import type { Context } from "./context.js";

/** Counts GraphQL requests by what they were and how they ended. */
export const countRequests = (metrics: Metrics): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ operation, errors, response }) {
        const ran = response.body.kind === "incremental" || response.body.singleResult.data !== undefined;
        const outcome = !ran ? "refused" : errors?.length ? "error" : "ok";
        metrics.graphql({ type: operation?.operation ?? "unknown", outcome });
        return Promise.resolve();
      },
    }),
});
