import { createClient } from "graphql-ws";
import WebSocket from "ws";

export interface Told {
  readonly status: string;
  readonly phase: string;
  readonly percent: number;
  readonly bytesDone: number;
  readonly revision: number;
}

const document = `subscription ($operationId: ID!, $afterRevision: Int) {
  operationProgress(operationId: $operationId, afterRevision: $afterRevision) {
    status phase percent bytesDone revision
  }
}`;

/** Everything that a plain graphql-ws client is told of an operation until the stream completes. */
export async function followOperation(
  url: string,
  key: string,
  operationId: string,
  options: { readonly afterRevision?: number; readonly onTold?: (told: Told) => void } = {},
): Promise<Told[]> {
  const client = createClient({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
  const { afterRevision, onTold } = options;
  const told: Told[] = [];
  try {
    const events = client.iterate<{ operationProgress: Told }>({
      query: document,
      variables: { operationId, afterRevision },
    });
    for await (const { data, errors } of events) {
      if (errors || !data) throw new Error(JSON.stringify(errors));
      told.push(data.operationProgress);
      onTold?.(data.operationProgress);
    }
    return told;
  } finally {
    await client.dispose();
  }
}

/** What a stream of states must never show, in words. */
export function findProgressFaults(states: readonly Told[]): string[] {
  const faults: string[] = [];
  for (const [index, state] of states.entries()) {
    const before = states[index - 1];
    if ((state.percent === 100) !== (state.status === "SUCCEEDED"))
      faults.push(`${state.percent} % while ${state.status}`);
    if (!before) continue;
    if (state.revision <= before.revision) faults.push(`revision ${state.revision} after ${before.revision}`);
    if (state.percent < before.percent) faults.push(`${state.percent} % after ${before.percent} %`);
    if (state.bytesDone < before.bytesDone) faults.push(`${state.bytesDone} after ${before.bytesDone} bytes`);
  }
  return faults;
}
