/** The environment, as plain data: handed on from here, so that nothing else reads it behind a caller's back. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The only reader of `process.env`. */
export const readEnv = (): Env => process.env;
