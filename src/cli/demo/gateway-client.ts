import type { Daguerre } from "../../client/index.js";
import { CommandFailure } from "../failure.js";

/** The service as its clients have it: the public client, and the key for the Query API. */
export interface Gateway {
  readonly daguerre: Daguerre;
  readonly key: string;
}
export interface QueryAnswer {
  readonly fields: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  const { code, message: more } = (cause ?? {}) as { code?: string; message?: string };
  return more || code || message;
};

/** `fetch`, which says of an address that does not answer what to do about it. */
export const reach: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (cause) {
    const address = input instanceof Request ? input.url : String(input);
    throw new CommandFailure(
      `no service answers at ${address} (${reasonOf(cause)}); start it, or correct --url or DAGUERRE_URL, or leave them out and the demo starts one of its own`,
      { cause },
    );
  }
};

/** Runs Cypher at an instance's Query API. */
export async function cypher(
  connectionUrl: string,
  key: string,
  statement: string,
  parameters: Record<string, unknown> = {},
): Promise<QueryAnswer> {
  const response = await reach(`${connectionUrl.replace(/\/$/, "")}/query/v2`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
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
