import { type Daguerre, granted, OperationFailedError, type Refusal } from "../../client/index.js";

interface Payload {
  readonly operation: unknown;
  readonly errors: readonly (Refusal | BusyRefusal)[];
}
interface BusyRefusal extends Refusal {
  readonly __typename: "InstanceBusyError";
  readonly blocking: { readonly id: string };
}

const isBusy = (error: Refusal): error is BusyRefusal => error.__typename === "InstanceBusyError";

/** Asks, and asks again when what is at work on the instance has ended: its first scheduled snapshot, say. */
export async function whenFree<Answer extends Payload>(daguerre: Daguerre, ask: () => Promise<Answer>) {
  for (;;) {
    const payload = await ask();
    const busy = payload.errors.find(isBusy);
    if (!busy) return granted(payload);
    await daguerre.wait(busy.blocking.id).catch((error: unknown) => {
      // Ended is ended.
      if (!(error instanceof OperationFailedError)) throw error;
    });
  }
}
