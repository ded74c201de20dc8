import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { CommandFailure } from "../failure.js";

export interface Gateway {
  readonly graphqlUrl: string;
  readonly key: string;
}
export interface QueryAnswer {
  readonly fields: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}
export interface OperationState {
  readonly status: string;
  readonly phase: string;
  readonly percent: number;
  readonly bytesDone: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

const headers = (key: string) => ({ authorization: `Bearer ${key}`, "content-type": "application/json" });

/** Sends one GraphQL document; any GraphQL error is a failure. */
export async function ask<Data>(
  gateway: Gateway,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(gateway.graphqlUrl, {
    method: "POST",
    headers: headers(gateway.key),
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (body.errors?.length || !body.data) {
    throw new CommandFailure(
      `GraphQL answered ${response.status}: ${body.errors?.map((e) => e.message).join("; ")}`,
    );
  }
  return body.data;
}

/** Runs Cypher at an instance's Query API. */
export async function cypher(
  connectionUrl: string,
  key: string,
  statement: string,
  parameters: Record<string, unknown> = {},
): Promise<QueryAnswer> {
  const url = connectionUrl.endsWith("/query/v2")
    ? connectionUrl
    : `${connectionUrl.replace(/\/$/, "")}/query/v2`;
  const response = await fetch(url, {
    method: "POST",
    headers: headers(key),
    body: JSON.stringify({ statement, parameters }),
  });
  const body = (await response.json()) as { data?: QueryAnswer; errors?: { message: string }[] };
  if (body.errors?.length || !body.data) {
    throw new CommandFailure(
      `the Query API answered ${response.status}: ${body.errors?.map((e) => e.message).join("; ")} (${statement.slice(0, 80)})`,
    );
  }
  return body.data;
}

/** Follows an operation by subscription until it ends; throws unless it SUCCEEDED. */
export async function follow(
  gateway: Gateway,
  operationId: string,
  onChange: (state: OperationState) => void,
): Promise<void> {
  const client = createClient({
    url: gateway.graphqlUrl.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${gateway.key}` },
  });
  let last: OperationState | undefined;
  try {
    const changes = client.iterate<{ operationProgress: OperationState }>({
      query: `subscription Progress($id: ID!) {
        operationProgress(operationId: $id) { status phase percent bytesDone failure { code message } }
      }`,
      variables: { id: operationId },
    });
    for await (const change of changes) {
      if (change.errors?.length) throw new CommandFailure(change.errors.map((e) => e.message).join("; "));
      last = change.data?.operationProgress ?? last;
      if (last) onChange(last);
    }
  } finally {
    await client.dispose();
  }
  if (last?.status !== "SUCCEEDED") {
    throw new CommandFailure(
      `the operation ended ${last?.status ?? "without a state"}: ${last?.failure?.code ?? ""} ${last?.failure?.message ?? ""}`,
    );
  }
}
