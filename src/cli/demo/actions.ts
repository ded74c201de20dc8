import { CommandFailure } from "../failure.js";
import { ask, type Gateway } from "./gateway-client.js";
import { showProgress } from "./progress-bar.js";

interface Payload {
  operation: { id: string } | null;
  errors: { message: string; blocking?: { id: string } }[];
}

/**
 * Calls a mutation that starts work; throws the first error it answers. Where a scheduled snapshot has the instance it
 * waits for that, then asks again. `also` selects more of the operation.
 */
export async function startWork<Operation extends { id: string }>(
  gateway: Gateway,
  mutation: string,
  input: Record<string, unknown>,
  also = "",
): Promise<Operation> {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const data = await ask<Record<string, Payload>>(
    gateway,
    `mutation Start($input: ${inputType}!) {
      ${mutation}(input: $input) {
        operation { id ${also} }
        errors { ... on UserError { message } ... on InstanceBusyError { blocking { id } } }
      }
    }`,
    { input },
  );
  const payload = data[mutation];
  const blocking = payload?.errors.find((error) => error.blocking)?.blocking;
  if (blocking) {
    await showProgress(gateway, "Scheduled snapshot first", blocking.id);
    return startWork(gateway, mutation, input, also);
  }
  if (!payload?.operation)
    throw new CommandFailure(`${mutation}: ${payload?.errors.map((e) => e.message).join("; ")}`);
  return payload.operation as Operation;
}
