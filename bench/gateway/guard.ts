import type { Report } from "../bench.ts";
import { median, spread } from "../statistics.ts";
import { compare, withArena, type CompareOptions, type Sample } from "./compare.ts";

/** What Daguerre must reach at Q2, of a peer's throughput. */
const bars = [
  { peer: "mercurius", atLeast: 1 },
  { peer: "naive", atLeast: 3 },
] as const;

interface Standing {
  readonly peer: string;
  readonly ratios: readonly number[];
  readonly atLeast: number;
}

const reaches = ({ ratios, atLeast }: Standing) => median(ratios) >= atLeast;

/**
 * The short form: over a tenth of the data, Daguerre beside those that it must not fall behind. Ratios are taken within rounds, and where one
 * falls short the whole is measured once more, and longer: a noisy neighbour must not be taken for a lost fast path. Throws then.
 */
export function guard(given: CompareOptions): Promise<Report> {
  const only = ["daguerre", ...bars.map(({ peer }) => peer)];
  const options = { ...given, times: 0.1, only, questions: ["Q2"] };
  return withArena(options, async (arena) => {
    const stand = async (rounds: number): Promise<Standing[]> => {
      const [samples] = [...(await compare(arena, { ...options, rounds, seconds: 2 })).values()];
      const rates = (name: string) => samples!.get(name)!.map((sample: Sample) => sample.requestsPerSecond);
      const own = rates("daguerre");
      return bars.map(({ peer, atLeast }) => ({
        peer,
        atLeast,
        ratios: rates(peer).map((rate, round) => own[round]! / rate),
      }));
    };
    let standings = await stand(3);
    if (!standings.every(reaches)) {
      options.log("falls short: measured again");
      standings = await stand(9);
    }
    const rows = standings.map(({ peer, ratios, atLeast }) => [peer, spread(ratios), atLeast]);
    const short = standings.find((standing) => !reaches(standing));
    if (short)
      throw new Error(
        `Q2: ${spread(short.ratios)} times the throughput of ${short.peer}; at least ${short.atLeast}. Profile it: node bench/gateway/profile.ts Q2`,
      );
    return { columns: ["Q2, Daguerre's throughput, of", "ratio (quartiles)", "at least"], rows, notes: [] };
  });
}
