import { GraphQLError } from "graphql";
import type { Identity } from "../identify.js";
import type { ChargeReading, ChargeTime } from "./admission.js";

/** What is shorter takes less than a millisecond to be read. */
const longText = 16 * 1024;
/** In all objects together. Reading different ones takes twenty times as long as reading whatever else, and so does each look at them. */
const mostNames = 10_000;

function refuseManyNames(text: string): void {
  const name = /"\s*:/g;
  for (let names = 0; name.test(text); names++)
    if (names === mostNames)
      throw new GraphQLError(`A request has ${mostNames} names of fields at most.`, {
        extensions: { code: "BAD_REQUEST", http: { status: 400 } },
      });
}

/**
 * Reads what a client sent, and where it is long charges for it: a point before, so that who has used up all has nothing
 * more read, and the time that it took. Throws RATE_LIMITED, BAD_REQUEST, and what reading throws.
 */
export function weighText<Value>(
  { chargeReading, time }: { readonly chargeReading: ChargeReading; readonly time: ChargeTime },
  identity: Identity,
  text: string,
  read: (text: string) => Value,
): Value {
  if (text.length < longText) return read(text);
  chargeReading(identity);
  return time.during(identity, () => {
    refuseManyNames(text);
    return read(text);
  });
}
