import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { readLocalNames, type LocalNames } from "./local-names.js";
import { isPublicAddress, refuseTarget, type TargetRules } from "./target-address.js";

export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface SenderOptions extends TargetRules {
  /** For the whole exchange: name, connection, answer. */
  readonly timeoutMs: number;
  /** Who knows names: the system's DNS servers, and for receivers in one's own network also its files, unless told. */
  readonly resolve?: Resolve;
}

/**
 * Asks DNS servers, the system's unless told: nobody waits for another's name. The system's own resolver takes one of two
 * threads for as long as a server does not answer, and anybody can own such a server; with it wait all files.
 */
export function resolveByServers(servers?: readonly string[], local?: LocalNames): Resolve {
  const resolver = new Resolver({ timeout: 2_500, tries: 2 });
  if (servers) resolver.setServers(servers);
  const ask = async (name: string): Promise<LookupAddress[]> => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    if (four.status === "rejected" && six.status === "rejected") throw four.reason;
    const of = (family: number, found: PromiseSettledResult<string[]>) =>
      found.status === "fulfilled" ? found.value.map((address) => ({ address, family })) : [];
    return [...of(4, four), ...of(6, six)];
  };
  /** The first of the names that leads anywhere; else what was said of the last. */
  const askInTurn = async ([name = "", ...others]: readonly string[]): Promise<LookupAddress[]> => {
    try {
      const found = await ask(name);
      if (found.length > 0 || others.length === 0) return found;
    } catch (error) {
      if (others.length === 0) throw error;
    }
    return askInTurn(others);
  };
  const find = async (hostname: string): Promise<LookupAddress[]> => {
    const known = (await local?.addressesOf(hostname)) ?? [];
    return known.length > 0 ? known : askInTurn((await local?.candidatesOf(hostname)) ?? [hostname]);
  };
  return (hostname, done) =>
    void find(hostname).then(
      (addresses) => done(null, addresses),
      (error: NodeJS.ErrnoException) => done(error, []),
    );
}

/** What came of one request: the status of the answer, or in words why there was none. */
export type Outcome = { readonly status: number } | { readonly error: string };

/** Of an answer nothing but its status counts; so much of it is read at most, for the sake of those who still write. */
const mostAnswerBytes = 16 * 1024;

/**
 * Posts to URLs that strangers chose. The address is judged where the connection is made, after the name has been looked up, so
 * that a name which changes its mind between check and use gains nothing. Redirects are answers like any other: they are
 * not followed. Never rejects.
 */
export function createSender(options: SenderOptions) {
  // On the open internet, what this machine calls its neighbours means nothing.
  const local = options.allowPrivate ? readLocalNames() : undefined;
  const resolve = options.resolve ?? resolveByServers(undefined, local);
  const lookup: LookupFunction = (hostname, wanted, done) => {
    resolve(hostname, (error, addresses) => {
      if (error) return done(error, []);
      const strangers = options.allowPrivate || addresses.every(({ address }) => isPublicAddress(address));
      const [first] = addresses;
      if (!strangers || !first) return done(new Error(`${hostname} leads to no public address`), []);
      if (wanted.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };

  return function send(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Outcome> {
    const refusal = refuseTarget(target, options);
    if (refusal) return Promise.resolve({ error: refusal });
    const url = new URL(target);
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    const deadline = AbortSignal.timeout(options.timeoutMs);
    return new Promise<Outcome>((done) => {
      let answered = false;
      const late = { error: `no whole answer within ${options.timeoutMs} ms` };
      // Whatever a receiver makes of the exchange, it is not waited for longer.
      deadline.addEventListener("abort", () => done(late), { once: true });
      const outgoing = request(
        url,
        // A connection of its own: one that is kept could outlive what was judged.
        { method: "POST", agent: false, headers, lookup, signal: deadline },
        (answer) => {
          answered = true;
          const status = answer.statusCode ?? 0;
          let bytes = 0;
          answer.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > mostAnswerBytes) answer.destroy();
          });
          answer.on("error", () => undefined);
          answer.once("close", () => done(deadline.aborted ? late : { status }));
        },
      );
      // Nobody asked for another protocol, and Node hands over the connection: it is ours to close.
      outgoing.once("upgrade", ({ statusCode = 101 }, socket) => {
        socket.destroy();
        done({ status: statusCode });
      });
      outgoing.on("error", (error: NodeJS.ErrnoException) =>
        done(deadline.aborted ? late : { error: error.code ?? error.message }),
      );
      // Says nothing where there was an answer, which tells of its own end.
      outgoing.once("close", () => answered || done({ error: "no answer" }));
      outgoing.end(body);
    });
  };
}

export type Send = ReturnType<typeof createSender>;
