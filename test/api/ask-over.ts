import { once } from "node:events";
import { WebSocket } from "ws";
import type { Answer, Edge } from "./edge.js";

type Told = Partial<Answer<Record<string, unknown>>>;
/** Asks once and answers the first result; `params` may be JSON already, which no client would write. */
export type AskOver = (edge: Edge, params: object | string, key?: string) => Promise<Told>;

const written = (params: object | string) => (typeof params === "string" ? params : JSON.stringify(params));

const post = (path: string, edge: Edge, params: object | string, key: string) =>
  fetch(`${edge.url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: path === "/graphql" ? "application/graphql-response+json" : "text/event-stream",
    },
    body: written(params),
  });

export const overHttp: AskOver = async (edge, params, key = "viewer") => {
  const response = await post("/graphql", edge, params, key);
  return { status: response.status, ...((await response.json()) as object) };
};

export const overStream: AskOver = async (edge, params, key = "viewer") => {
  const response = await post("/graphql/stream", edge, params, key);
  const { status } = response;
  if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
    return { status, ...((await response.json()) as object) };
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const [, found] = /^event: next\ndata: (.*)\n\n/m.exec(text) ?? [];
    // Leaving the loop ends the request.
    if (found !== undefined) return { status, ...(JSON.parse(found) as object) };
  }
  return { status };
};

/** An introduced socket. */
export async function openSocket(edge: Edge, key = "viewer"): Promise<WebSocket> {
  const socket = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${key}` } }));
  await once(socket, "message");
  return socket;
}

export const overSocket: AskOver = async (edge, params, key) => {
  const socket = await openSocket(edge, key);
  try {
    socket.send(`{"id":"1","type":"subscribe","payload":${written(params)}}`);
    const [data] = (await once(socket, "message")) as [Buffer];
    const { type, payload } = JSON.parse(data.toString()) as { type: string; payload: unknown };
    return type === "error" ? { errors: payload as NonNullable<Told["errors"]> } : (payload as Told);
  } finally {
    socket.terminate();
  }
};

export const transports: [name: string, ask: AskOver][] = [
  ["HTTP", overHttp],
  ["an event stream", overStream],
  ["a socket", overSocket],
];

export const codesOf = ({ errors }: Told) => errors?.map(({ extensions }) => extensions.code);
