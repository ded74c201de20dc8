import type { Report } from "../bench.ts";
import { quantile, spread } from "../statistics.ts";
import { compare, withArena, type CompareOptions, type Sample } from "./compare.ts";

/** What may be exported: the service is as it comes, and takes snapshots by itself, which a list of all would show as they begin. */
const guarded = ["Q2"];
/** What Daguerre must reach at each, of a peer's throughput. */
const bars = [
  { peer: "mercurius", atLeast: 1 },
  { peer: "naive", atLeast: 3 },
] as const;

interface Standing {
  readonly question: string;
  readonly peer: string;
  readonly ratios: readonly number[];
  readonly atLeast: number;
}

/** A quarter of the rounds at least: on a machine that does other things a ratio moves by a fifth, and what is lost is lost in all. */
const reaches = ({ ratios, atLeast }: Standing) => quantile(ratios, 0.75) >= atLeast;

/**
 * The short form: over a tenth of the data, Daguerre beside those that it must not fall behind. Ratios are taken within rounds, and where one
 * falls short the whole is measured once more, and longer: a noisy neighbour must not be taken for a lost fast path. Throws then.
 */
export function guard(given: CompareOptions): Promise<Report> {
  const only = ["daguerre", ...bars.map(({ peer }) => peer)];
  const options = { ...given, times: 0.1, only, questions: guarded };
  return withArena(options, async (arena) => {
    const stand = async (rounds: number): Promise<Standing[]> =>
      [...(await compare(arena, { ...options, rounds, seconds: 2 }))].flatMap(([question, samples]) => {
        const rates = (name: string) => samples.get(name)!.map((sample: Sample) => sample.requestsPerSecond);
        const own = rates("daguerre");
        return bars.map(({ peer, atLeast }) => ({
          question: question.name,
          peer,
          atLeast,
          ratios: rates(peer).map((rate, round) => own[round]! / rate),
        }));
      });
    let standings = await stand(3);
    if (!standings.every(reaches)) {
      options.log("falls short: measured again");
      standings = await stand(9);
    }
    const rows = standings.map(({ question, peer, ratios, atLeast }) => [
      question,
      peer,
      spread(ratios),
      atLeast,
    ]);
    const short = standings.find((standing) => !reaches(standing));
    if (short)
      throw new Error(
        `${short.question}: ${spread(short.ratios)} times the throughput of ${short.peer}; at least ${short.atLeast}. Profile it: node bench/gateway/profile.ts ${short.question}`,
      );
    return { columns: ["", "Daguerre's throughput, of", "ratio (quartiles)", "at least"], rows, notes: [] };
  });
}
