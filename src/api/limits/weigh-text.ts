import type { Identity } from "../identify.js";
import type { ChargeReading, ChargeTime } from "./admission.js";

/** What is shorter takes less than a millisecond to be read. */
const longText = 16 * 1024;

/**
 * Reads what a client sent, and where it is long charges for it: a point before, so that who has used up all has nothing
 * more read, and the time that it took. Throws RATE_LIMITED, and what reading throws.
 */
export function weighText<Value>(
  { chargeReading, time }: { readonly chargeReading: ChargeReading; readonly time: ChargeTime },
  identity: Identity,
  text: string,
  read: (text: string) => Value,
): Value {
  if (text.length < longText) return read(text);
  chargeReading(identity);
  return time.during(identity, () => read(text));
}
