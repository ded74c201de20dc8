import { createHash } from "node:crypto";

/** `dag_` and 32 random bytes in base64url. */
export const makeApiKey = (randomBytes: (size: number) => Buffer): string =>
  `dag_${randomBytes(32).toString("base64url")}`;

/** SHA-256 in hex; keys are random, so no slow hash is needed. */
export const hashApiKey = (key: string): string => createHash("sha256").update(key).digest("hex");

/** The first 8 characters: enough to recognise a key in a list, too few to guess it. */
export const prefixOf = (key: string): string => key.slice(0, 8);
