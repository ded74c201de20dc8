/** Why what a client sent does not make it a viewer. */
export type AuthenticationReason =
  /** Unknown, revoked or expired: which of them is nobody's business. */
  | "INVALID_KEY"
  /** Not signed by the provider, or not a token at all. */
  | "INVALID_TOKEN"
  | "TOKEN_EXPIRED"
  | "TOKEN_NOT_YET_VALID"
  | "TOKEN_WRONG_ISSUER"
  | "TOKEN_WRONG_AUDIENCE"
  /** It is genuine, but its claims name no role or no project of this service. */
  | "TOKEN_WITHOUT_ROLE"
  | "TOKEN_WITHOUT_PROJECT"
  /** Nobody's fault who asks: the provider's keys cannot be read. */
  | "PROVIDER_UNAVAILABLE";

/** The message says what to do about it and holds nothing of the credentials. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";

  constructor(
    readonly reason: AuthenticationReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const invalidKey = () =>
  new AuthenticationError("INVALID_KEY", "This API key is unknown, revoked or expired: use another one.");
