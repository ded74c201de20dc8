import type { Env } from "./env.js";

/** What commands read that go to a service as any client does. */
export const demoVariables = { url: "DAGUERRE_URL", key: "DAGUERRE_KEY" } as const;

export const describeDemo = (env: Env) => [
  {
    name: demoVariables.url,
    value: env[demoVariables.url]?.trim() ?? "",
    default: "none: a service of its own",
    meaning: "for `daguerre demo` alone: the GraphQL address of a running service",
  },
  {
    name: demoVariables.key,
    value: env[demoVariables.key]?.trim() ? "(set)" : "",
    default: "none; must be set with the address",
    meaning: "for `daguerre demo` alone: an API key of that service",
  },
];
