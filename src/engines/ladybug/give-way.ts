import type { Tenure } from "./tenure.js";

/** For so long an idle process is left to a party that has little: between two statements, it may only be thinking. */
const thinkMs = 3_000;

export interface Places {
  readonly tenures: readonly Tenure[];
  readonly heldBy: (party: string) => number;
  readonly now: number;
  /** An idle one, which leaves unless another process of the service is at work there. Marks it as asked at once. */
  readonly askToLeave: (tenure: Tenure) => void;
  /** A busy one, which leaves when its statements have ended. Marks it as over at once. */
  readonly retire: (tenure: Tenure) => void;
}

/**
 * Has a process leave for each party that waits and for whom none is leaving already: the one that has been idle for the longest,
 * else a busy one, of whoever has most. Decides at once and waits for nothing.
 */
export function giveWay(waiting: readonly string[], places: Places): void {
  const { tenures } = places;
  let leaving = tenures.filter((one) => one.asked || (one.over && one.users === 0)).length;
  let ending = tenures.filter((one) => one.over && one.users > 0).length;
  for (const party of waiting) {
    if (leaving-- > 0) continue;
    const idle = idlestFor(party, places);
    if (idle) places.askToLeave(idle);
    else if (ending-- > 0) continue;
    else {
      const busy = busiestBeside(party, places);
      if (busy) places.retire(busy);
    }
  }
}

/** Of whoever has most, and of these the one whose use is longest ago. */
function firstToGo(tenures: readonly Tenure[], { heldBy }: Places): Tenure | undefined {
  const held = ({ party }: Tenure) => heldBy(party);
  return tenures.toSorted((a, b) => held(b) - held(a) || a.lastUse - b.lastUse)[0];
}

/** The party's own, or of one that has more; of one that has no more only what it has not used for a while. */
function idlestFor(party: string, places: Places): Tenure | undefined {
  const { tenures, heldBy, now } = places;
  const held = heldBy(party);
  const mayGo = (one: Tenure) =>
    one.party === party || heldBy(one.party) > held || now - one.idleSince >= thinkMs;
  const idle = tenures.filter(
    (one) => one.users === 0 && one.connection && !one.over && !one.asked && one.busyElsewhereUntil <= now,
  );
  return firstToGo(idle.filter(mayGo), places);
}

/** Of a party that would still have no less than the one that waits. */
function busiestBeside(party: string, places: Places): Tenure | undefined {
  const { tenures, heldBy } = places;
  const enough = heldBy(party) + 1;
  const busy = tenures.filter(
    (one) => one.connection && !one.over && one.pins === 0 && heldBy(one.party) > enough,
  );
  return firstToGo(busy, places);
}
