/**
 * What a use case answers when the request cannot be granted: data, not exceptions, each with the path
 * of the argument that is to blame. Features add their own to these.
 */
export type InvalidInput = {
  readonly kind: "InvalidInput";
  readonly message: string;
  readonly path: readonly string[];
};
export type NotFound = {
  readonly kind: "NotFound";
  readonly message: string;
  readonly path: readonly string[];
};
export type QuotaExceeded = {
  readonly kind: "QuotaExceeded";
  readonly message: string;
  readonly path: readonly string[];
  readonly limit: number;
};

export const invalidInput = (message: string, ...path: string[]): InvalidInput => ({
  kind: "InvalidInput",
  message,
  path,
});
export const notFound = (message: string, ...path: string[]): NotFound => ({
  kind: "NotFound",
  message,
  path,
});
