import type { SecretBox } from "../artifacts/secret-box.js";

const prefix = "whsec_";
const madeBytes = 32;

/** A secret as Standard Webhooks writes it: `whsec_` and base64 of 24 to 64 bytes. */
export const makeSecret = (randomBytes: (size: number) => Buffer): string =>
  prefix + randomBytes(madeBytes).toString("base64");

export function isSecret(text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === encoded;
}

/** The context binds what is wrapped to its row: copied into another webhook it does not open. */
const contextOf = (webhookId: string) => ({ purpose: "webhook", webhook: webhookId });

export const wrapSecret = (box: SecretBox, webhookId: string, secret: string): Promise<string> =>
  box.encrypt(Buffer.from(secret), contextOf(webhookId));

export const unwrapSecret = async (box: SecretBox, webhookId: string, wrapped: string): Promise<string> =>
  (await box.decrypt(wrapped, contextOf(webhookId))).toString();
