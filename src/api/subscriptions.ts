import { AsyncLocalStorage } from "node:async_hooks";
import { createSourceEventStream, execute, type ExecutionResult, GraphQLError, print } from "graphql";
import type { Limits } from "../config/limits.js";
import { type Reader, SharedWatch } from "../events/shared-watch.js";
import { Watch } from "../events/watch.js";
import type { Viewer } from "../projects/viewer.js";
import { type Context, createContext, type EdgeParts } from "./context.js";
import type { Identity } from "./identify.js";
import { type Operation, presentErrors, type StreamParts } from "./stream-operation.js";
import { SubscribedWeight } from "./subscribed-weight.js";
import { takeStart } from "./subscription-start.js";

/** One client's subscription. */
export interface Subscription {
  /** Resolves when nothing more will come, or the client has left; rejects where it cannot go on. */
  readonly ended: Promise<void>;
  /** Nothing is told any more. */
  leave(): void;
}

export interface Subscriptions {
  /** Tells each result as JSON, the first one after this has returned. */
  follow(operation: Operation, tell: (result: string) => void): Subscription;
}

export interface SubscriptionParts extends EdgeParts {
  readonly limits: Limits;
}

type Variables = Operation["args"]["variableValues"];

/**
 * The one way of a subscription, whatever carries it. Those that are the same (document, operation, variables, project and
 * role) run as one: each change is read, executed and written as JSON once, and all are told the same text. Access,
 * limits and credentials are looked at for each client before. Where a client begins is its own affair as well, so a crowd
 * that comes back after a lost connection is one crowd again. Each that is different is read for by itself at every
 * change, so a project may follow so many; and what all of its clients keep meanwhile is weighed.
 */
export function createSubscriptions(parts: SubscriptionParts, stream: StreamParts): Subscriptions {
  const { metrics, limits } = parts;
  const running = new Map<string | symbol, SharedWatch>();
  /** How many are running, by project. */
  const perProject = new Map<string, number>();
  const kept = new SubscribedWeight(limits.projectSubscriptionBytes);
  // What is shared belongs to no request: neither to the trace of the first one, nor to its id.
  const outside = AsyncLocalStorage.snapshot();

  // Nothing is remembered from one change to the next, but what is executed at the same instant loads together:
  // where thousands of operations change at once, each in a subscription of its own, they are few statements.
  const contexts = new Map<string, Context>();
  function contextNow(identity: Identity): Context {
    const { projectId, role } = identity.viewer ?? {};
    const key = `${projectId} ${role}`;
    const known = contexts.get(key);
    if (known && identity.viewer) return known;
    const context = createContext(parts, identity);
    contexts.set(key, context);
    process.nextTick(() => contexts.delete(key));
    return context;
  }

  function start(operation: Operation, variableValues: Variables, onEmpty: () => void): SharedWatch {
    const identity = inCommon(operation.args.contextValue);
    const argsNow = () => ({ ...operation.args, variableValues, contextValue: contextNow(identity) });
    const write = (result: ExecutionResult) => JSON.stringify(operation.present(result));
    metrics.sharedSubscriptions(1);
    return new SharedWatch({
      async open() {
        const opened = await createSourceEventStream(argsNow());
        if (opened instanceof Watch) return opened;
        if (Symbol.asyncIterator in opened) throw new TypeError("A subscription has to follow a Watch.");
        return write(opened);
      },
      async write(rootValue) {
        metrics.subscriptionExecuted();
        return write(await execute({ ...argsNow(), rootValue }));
      },
      explain(error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        const [shown] = presentErrors(stream, [new GraphQLError(fault.message, { originalError: fault })]);
        return new GraphQLError(shown!.message, { extensions: shown!.extensions });
      },
      onEmpty() {
        metrics.sharedSubscriptions(-1);
        onEmpty();
      },
    });
  }

  function startCounted(operation: Operation, variables: Variables, key: string | symbol): SharedWatch {
    const project = projectOf(operation);
    perProject.set(project, (perProject.get(project) ?? 0) + 1);
    return start(operation, variables, () => {
      running.delete(key);
      const left = perProject.get(project)! - 1;
      if (left > 0) perProject.set(project, left);
      else perProject.delete(project);
    });
  }

  return {
    follow(operation, tell) {
      const { variables, revision } = takeStart(operation.args);
      const key = keyOf(operation, variables);
      const known = running.get(key);
      if (!known && (perProject.get(projectOf(operation)) ?? 0) >= limits.projectSubscriptions)
        return refused(tooMany(limits.projectSubscriptions));
      // Also of who joins others: it holds on to its own document and variables, whatever carries it.
      const letGo = kept.enter(projectOf(operation), operation.args.document, variables);
      if (!letGo) return refused(tooLarge(limits.projectSubscriptionBytes));
      const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
      const reader: Reader = {
        revision,
        tell,
        end(error) {
          letGo();
          metrics.subscriptions(-1);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const shared = known ?? startCounted(operation, variables, key);
      running.set(key, shared);
      metrics.subscriptions(1);
      outside(() => shared.join(reader));
      return { ended, leave: () => shared.leave(reader) };
    },
  };
}

const projectOf = ({ args }: Operation) => args.contextValue.viewer?.projectId ?? "nobody's";

const tooMany = (allowed: number) =>
  new GraphQLError(
    `The project follows ${allowed} different subscriptions here; end one first, or follow projectChanged.`,
    { extensions: { code: "TOO_MANY_SUBSCRIPTIONS", allowed } },
  );

const tooLarge = (allowed: number) =>
  new GraphQLError(
    `The documents and variables of the project's subscriptions take as much as they may here; end one first, or ask for less.`,
    { extensions: { code: "TOO_MANY_SUBSCRIPTIONS", allowed } },
  );

const refused = (error: GraphQLError): Subscription => ({
  ended: Promise.reject(error),
  leave: () => undefined,
});

function keyOf({ args }: Operation, variables: Variables): string | symbol {
  const { contextValue, document, operationName } = args;
  const { viewer } = contextValue;
  // What strangers are told depends on what they sent.
  if (!viewer) return Symbol("a stranger's");
  const text = document.loc?.source.body ?? print(document);
  return JSON.stringify([viewer.projectId, viewer.role, operationName ?? null, variables ?? {}, text]);
}

/** Of who asks, what all have in common whose subscriptions are the same; nobody is told another's name. */
function inCommon({ viewer, refusal }: Identity): Identity {
  if (!viewer) return { refusal };
  const { projectId, projectName, role } = viewer;
  const shared: Viewer = { projectId, projectName, role, keyId: "", keyName: "", expiresAt: null };
  return { viewer: shared };
}
