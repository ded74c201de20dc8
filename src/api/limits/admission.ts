import { type DocumentNode, GraphQLError, type GraphQLSchema } from "graphql";
import type { Limits } from "../../config/limits.js";
import type { RetentionTable } from "../../snapshots/retention.js";
import type { Identity } from "../identify.js";
import { networkOf } from "./network-of.js";
import type { Buckets, BucketState } from "./buckets.js";
import { checkVariables } from "./check-variables.js";
import { actualCost, reckon } from "./cost.js";
import { createListSizes } from "./list-sizes.js";
import { planDocument, type OperationPlan } from "./plan-document.js";

export type Introspection = "keys" | "everyone" | "nobody";

export interface AdmissionParts {
  readonly limits: Limits;
  readonly introspection: Introspection;
  readonly buckets: Buckets;
  /** What lists hold at most depends on them. */
  readonly policy: RetentionTable;
  readonly maxHolds: number;
}

/** `extensions.cost` of an answer. */
export interface Cost {
  readonly requested: number;
  readonly actual: number;
  readonly remaining: number;
}

/** What an operation came to; without `data` it has not been executed. */
export interface Answered {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

/** An operation that may run. */
export interface Admission {
  /** Gives back what the answer did not cost; of one with errors nothing, for what it left out may have been worked on. */
  settle(answer: Answered): { readonly cost: Cost; readonly state: BucketState };
  /** It did not run: gives back all. */
  withdraw(): void;
}

/** `paid` is what the request was charged before it was read: part of what the operation costs. */
export type Admit = (
  identity: Identity,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  paid?: number,
) => Admission | undefined;

/** Throws RATE_LIMITED. */
export type ChargeReading = (identity: Identity) => void;

/** What it costs to read a document and find out whether it is valid. */
export const readingCost = 1;

const tooComplex = (what: string, found: number, allowed: number) =>
  new GraphQLError(`The document has ${found} ${what}; ${allowed} are allowed. Split it.`, {
    extensions: { code: "DOCUMENT_TOO_COMPLEX", found, allowed, http: { status: 400 } },
  });

/** What costs are counted by: the key or token; strangers by their address, or the network that comes with it. */
export const bucketOf = ({ viewer, address }: Identity) =>
  viewer?.keyId ?? `address ${networkOf(address ?? "")}`;

/**
 * Charges a request before its document is parsed and validated, which is work already: who sends nothing but what is
 * refused uses up its points as well. An operation that is admitted pays that much less.
 */
export const createChargeReading =
  (buckets: Buckets): ChargeReading =>
  (identity) => {
    const taken = buckets.take(bucketOf(identity), readingCost);
    if (!taken.allowed) throw rateLimited(buckets, taken, readingCost);
  };

/** Charges for the time that the process is busy with one request alone, and answers nobody else. */
export interface ChargeTime {
  /** In milliseconds, of no particular origin. */
  begin(): number;
  end(identity: Identity, begun: number): void;
  /** Charges for the time of `work`, also where it throws. */
  during<Result>(identity: Identity, work: () => Result): Result;
}

/** At 1000 points a second a key keeps the process busy for a quarter of the time, and no more. */
export const pointsPerBusyMs = 4;

/** For each whole millisecond: documents can be short, and take long to be found valid, planned or compiled. */
export function createChargeTime(buckets: Buckets, stopwatch: () => number): ChargeTime {
  const end: ChargeTime["end"] = (identity, begun) => {
    const points = Math.floor(stopwatch() - begun) * pointsPerBusyMs;
    if (points > 0) buckets.settle(bucketOf(identity), points);
  };
  return {
    begin: stopwatch,
    end,
    during(identity, work) {
      const begun = stopwatch();
      try {
        return work();
      } finally {
        end(identity, begun);
      }
    },
  };
}

/** Charges for the time that deciding takes as well, also where it ends in a refusal. */
export const timeAdmit =
  (admit: Admit, time: ChargeTime): Admit =>
  (identity, ...asked) =>
    time.during(identity, () => admit(identity, ...asked));

/**
 * Decides what may run, for every transport alike, after the document has been found valid. Documents are planned once:
 * whoever asks keeps them. Undefined where the document has no such operation, which execution will tell.
 */
export function createAdmit(schema: GraphQLSchema, parts: AdmissionParts): Admit {
  const { limits, introspection, buckets, policy, maxHolds } = parts;
  const sizes = createListSizes(policy, maxHolds);
  const plans = new WeakMap<DocumentNode, ReadonlyMap<string, OperationPlan>>();
  const plansOf = (document: DocumentNode) => {
    const known = plans.get(document);
    if (known) return known;
    const planned = planDocument(schema, document, sizes);
    plans.set(document, planned);
    return planned;
  };

  return (identity, document, operationName, variables, paid = 0) => {
    const all = plansOf(document);
    const plan =
      operationName == null && all.size === 1 ? [...all.values()][0] : all.get(operationName ?? "");
    if (!plan) return undefined;
    if (plan.depth > limits.depth) throw tooComplex("levels", plan.depth, limits.depth);
    if (plan.aliases > limits.aliases) throw tooComplex("aliases", plan.aliases, limits.aliases);
    if (plan.directives > limits.directives)
      throw tooComplex("directives", plan.directives, limits.directives);
    if (
      plan.introspected.size > 0 &&
      introspection !== "everyone" &&
      (introspection === "nobody" || !identity.viewer)
    ) {
      const message =
        introspection === "nobody" ? "Introspection is switched off." : "Introspection needs an API key.";
      throw new GraphQLError(message, {
        extensions: { code: "INTROSPECTION_DISABLED", http: { status: 400 } },
      });
    }
    checkVariables(schema, plan.operation, variables);
    const reckoning = reckon(plan, variables);
    const { requested } = reckoning;
    if (requested > limits.cost)
      throw new GraphQLError(
        `The operation may cost ${requested} points; ${limits.cost} are allowed. Ask for shorter pages.`,
        {
          extensions: { code: "COST_LIMIT_EXCEEDED", requested, allowed: limits.cost, http: { status: 400 } },
        },
      );
    const key = bucketOf(identity);
    let charged = Math.min(requested, buckets.options.capacity);
    const taken = buckets.take(key, charged - paid);
    if (!taken.allowed) throw rateLimited(buckets, taken, requested);
    return {
      settle({ data, errors }) {
        const failed = data !== undefined && errors !== undefined && errors.length > 0;
        const actual = failed ? requested : actualCost(plan, reckoning, data);
        const state = buckets.settle(key, actual - charged);
        charged = 0;
        return { cost: { requested, actual, remaining: state.remaining }, state };
      },
      withdraw() {
        buckets.settle(key, -charged);
        charged = 0;
      },
    };
  };
}

export const usedUp = ({ retryAfter }: BucketState) =>
  `The key has used up what it may cost for now; come again in ${retryAfter} s.`;

function rateLimited(buckets: Buckets, state: BucketState, requested: number): GraphQLError {
  const { retryAfter, remaining } = state;
  const headers = new Map([...rateLimitHeaders(buckets, state), ["retry-after", String(retryAfter)]]);
  return new GraphQLError(usedUp(state), {
    extensions: {
      code: "RATE_LIMITED",
      retryAfter,
      cost: { requested, actual: 0, remaining },
      http: { status: 429, headers },
    },
  });
}

/** As the IETF's draft has them: how much there is in all, and how much of it is left. */
export function rateLimitHeaders({ options }: Buckets, state: BucketState): [name: string, value: string][] {
  const { capacity, perSecond } = options;
  return [
    ["ratelimit-policy", `"cost";q=${capacity};w=${Math.ceil(capacity / perSecond)}`],
    ["ratelimit", `"cost";r=${state.remaining};t=${state.emptyAfter}`],
  ];
}
