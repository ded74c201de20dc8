import { RequestError, type ReportedError } from "./errors.js";
import {
  followOperation,
  type FollowOptions,
  type Subscribe,
  type OperationState,
  type WaitOptions,
  waitForOperation,
} from "./follow.js";
import type { TypedDocumentString } from "./generated/graphql.js";
import { createSocket, toError } from "./socket.js";

export interface DaguerreOptions {
  /** The GraphQL endpoint, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** An API key or a token; a function is asked at every request and connection. */
  readonly key: string | (() => string | Promise<string>);
  /** Sends the ids of documents in place of their texts, for a service that answers trusted documents alone. */
  readonly sendDocumentIds?: boolean;
  /** Attempts to connect again in a row before a subscription gives up; 30 unless told, which is some four minutes. */
  readonly retryAttempts?: number;
  /** Resolves when the next attempt may start; 0.25 s doubled up to 10 s, with jitter, unless told. */
  readonly retryWait?: (attempt: number) => Promise<void>;
  /** `fetch` and `WebSocket` of the platform unless told; Node has both from version 22 on. */
  readonly fetch?: typeof fetch;
  readonly webSocket?: unknown;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Sent as `Idempotency-Key`: the same key with the same request gives the first answer again for 24 h. */
  readonly idempotencyKey?: string;
}

/** Variables may be left out where all of them may be null. */
type Variables<V> =
  Record<string, never> extends V
    ? [variables?: V, options?: CallOptions]
    : [variables: V, options?: CallOptions];

export interface Daguerre {
  /** Sends a query or a mutation. Rejects with RequestError where the answer has errors. */
  request<Data, V>(document: TypedDocumentString<Data, V>, ...rest: Variables<V>): Promise<Data>;
  /**
   * Events as they come. After a lost connection it subscribes again by itself; what happened between is told only
   * as far as the subscription tells the present state first. Leave the loop to end it; where the signal aborts, it
   * throws the signal's reason.
   */
  readonly subscribe: Subscribe;
  /** The operation as it stands, then every later revision, each once, to its end; also across lost connections. */
  follow(operationId: string, options?: FollowOptions): AsyncGenerator<OperationState, void, void>;
  /** Follows an operation to its end. Rejects with OperationFailedError unless it SUCCEEDED. */
  wait(operationId: string, options?: WaitOptions): Promise<OperationState>;
  /** Closes the socket; subscriptions end. */
  close(): Promise<void>;
}

const defaultRetryWait = (attempt: number) =>
  new Promise<void>((resolve) =>
    setTimeout(resolve, Math.min(10_000, 250 * 2 ** attempt) * (0.5 + Math.random() / 2)),
  );

/** A client of one Daguerre. It holds no connection until something is subscribed to. */
export function createDaguerre(options: DaguerreOptions): Daguerre {
  const { url } = options;
  const key = typeof options.key === "function" ? options.key : () => options.key as string;
  const send = options.fetch ?? fetch;
  const socket = createSocket({
    url,
    key,
    retryAttempts: options.retryAttempts ?? 30,
    retryWait: options.retryWait ?? defaultRetryWait,
    webSocket: options.webSocket,
  });

  const idOf = (document: { readonly __meta__?: Record<string, unknown> | undefined }) =>
    options.sendDocumentIds ? (document.__meta__?.["hash"] as string) : undefined;

  const daguerre: Daguerre = {
    async request<Data, V>(document: TypedDocumentString<Data, V>, ...[variables, call]: Variables<V>) {
      const headers: Record<string, string> = {
        authorization: `Bearer ${await key()}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
      };
      if (call?.idempotencyKey !== undefined) headers["idempotency-key"] = call.idempotencyKey;
      const documentId = idOf(document);
      const named = documentId === undefined ? { query: document.toString() } : { documentId };
      const body = JSON.stringify({ ...named, variables });
      const response = await send(url, { method: "POST", headers, body, signal: call?.signal });
      return readAnswer<Data>(response);
    },

    async *subscribe<Data, V>(
      document: TypedDocumentString<Data, V>,
      variables: V,
      call: Pick<CallOptions, "signal"> = {},
    ) {
      call.signal?.throwIfAborted();
      const documentId = idOf(document);
      // The protocol of sockets wants a text, if an empty one, and knows of extensions alone.
      const sha256Hash = documentId?.replace("sha256:", "");
      const results = socket.iterate<Data>({
        query: documentId === undefined ? document.toString() : "",
        variables: variables as Record<string, unknown>,
        ...(sha256Hash !== undefined && { extensions: { persistedQuery: { version: 1, sha256Hash } } }),
      });
      const stop = () => void results.return?.();
      call.signal?.addEventListener("abort", stop, { once: true });
      try {
        for await (const { data, errors } of results) {
          if (errors?.length) throw new RequestError(errors);
          if (data) yield data;
        }
      } catch (problem) {
        throw toError(problem);
      } finally {
        call.signal?.removeEventListener("abort", stop);
      }
      call.signal?.throwIfAborted();
    },

    follow: (operationId, follow) => followOperation(daguerre.subscribe, operationId, follow),
    wait: (operationId, follow) => waitForOperation(daguerre.subscribe, operationId, follow),
    close: async () => socket.dispose(),
  };
  return daguerre;
}

async function readAnswer<Data>(response: Response): Promise<Data> {
  const text = await response.text();
  let answer: { data?: Data | null; errors?: ReportedError[] };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    throw new RequestError([{ message: text.trim().slice(0, 200) }], response.status);
  }
  if (answer.errors?.length || answer.data == null)
    throw new RequestError(answer.errors ?? [], response.status);
  return answer.data;
}
