/** What tests say to a running service, through its public faces and nothing else. */
export interface Gateway {
  /** Throws where GraphQL answers errors. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** One statement through the Query API: its rows, or the status that refused it. */
  query(
    instanceId: string,
    statement: string,
    parameters?: Record<string, unknown>,
  ): Promise<{ readonly status: number; readonly values: unknown[][] }>;
}

export function connectGateway(url: string, key: string): Gateway {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return {
    async ask<T>(query: string, variables: Record<string, unknown> = {}) {
      const response = await post("/graphql", { query, variables });
      const body = (await response.json()) as { data: T; errors?: unknown };
      if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors));
      return body.data;
    },
    async query(instanceId, statement, parameters = {}) {
      const response = await post(`/db/${instanceId}/query/v2`, { statement, parameters });
      const body = (await response.json()) as { data?: { values: unknown[][] } };
      return { status: response.status, values: body.data?.values ?? [] };
    },
  };
}

export interface OperationState {
  readonly id: string;
  readonly status: string;
  readonly percent: number;
  readonly failure: { readonly code: string } | null;
  readonly finishedAt: string | null;
  readonly snapshot?: { readonly id: string; readonly status: string } | null;
  readonly download?: { readonly url: string; readonly sha256: string } | null;
}
export interface Started {
  readonly operation: OperationState | null;
  readonly instance?: { readonly id: string } | null;
  readonly snapshot?: { readonly id: string } | null;
  readonly errors: readonly { readonly __typename: string; readonly message: string }[];
}

const operationFields = `id status percent failure { code } finishedAt
  ... on SnapshotOperation { snapshot { id status } } ... on ExportOperation { download { url sha256 } }`;

/** Runs a mutation of the contract by its name. */
export async function start(
  gateway: Gateway,
  name: string,
  input: Record<string, unknown>,
): Promise<Started> {
  const made = name.startsWith("create")
    ? "instance { id }"
    : name === "takeSnapshot"
      ? "snapshot { id }"
      : "";
  const type = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation ($input: ${type}Input!) {
    result: ${name}(input: $input) { operation { id } ${made} errors { __typename ... on UserError { message } } }
  }`;
  return (await gateway.ask<{ result: Started }>(document, { input })).result;
}

export async function readOperation(gateway: Gateway, id: string): Promise<OperationState> {
  const document = `query ($id: ID!) { operation(id: $id) { ${operationFields} } }`;
  return (await gateway.ask<{ operation: OperationState }>(document, { id })).operation;
}
