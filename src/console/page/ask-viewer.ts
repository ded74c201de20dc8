import { endpoint } from "./fetch-with-key.js";

/** Whom the service takes the bearer of a key for, or why it takes the bearer for nobody. */
export type Recognition =
  | { readonly project: string; readonly role: string; readonly keyName: string }
  | { readonly refusal: string };

interface Answer {
  readonly data?: { readonly viewer?: { project: string; role: string; keyName: string } } | null;
  readonly errors?: readonly { readonly message: string }[];
}

export async function askViewer(key: string, signal: AbortSignal): Promise<Recognition> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ viewer { project role keyName } }" }),
    signal,
  });
  const { data, errors } = (await response.json()) as Answer;
  return data?.viewer ?? { refusal: errors?.[0]?.message ?? `The service answered ${response.status}.` };
}
