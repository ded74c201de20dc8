import { join } from "node:path";
import pg from "pg";
import type * as Client from "../../src/client/index.js";
import type * as EmbeddedPostgres from "../../src/db/embedded-postgres.js";
import type * as Migrate from "../../src/db/migrate.js";
import type * as Ids from "../../src/ids.js";
import { type BenchContext, type Figure, product, type Report } from "../bench.ts";
import { cpuSeconds } from "../gateway/contestants.ts";
import {
  type Contestant,
  contestants,
  type Crowd,
  type Memory,
  type Server,
  startCrowd,
  startServer,
} from "./processes.ts";
import { operationId, seedOperations, storeProgress } from "./seed.ts";
import { median, spread } from "../statistics.ts";

const key = "bench-key-of-subscriptions";
const firstPort = 5600;

interface Entrant {
  readonly contestant: Contestant;
  readonly server: Server;
  readonly client: pg.Client;
}

interface Outcome {
  /** From the first connection to the last acknowledged subscription. */
  readonly connectedMs: number;
  /** By the name of the way. */
  readonly ms: Readonly<Record<string, number[]>>;
  readonly cpuMs: Record<string, number>;
  /** KiB for each idle subscriber. */
  readonly heapKiB: number;
  readonly rssKiB: number;
  /** Of the resident. */
  readonly nurseryKiB: number;
}

/** Subscribers of one operation's progress, or each of another's, beside the library's plain way. */
export async function compareSubscriptions(
  { quick, directory, log }: BenchContext,
  { apart, events }: { readonly apart: boolean; readonly events: number },
): Promise<Report> {
  const clients = quick ? 500 : 5000;
  const rounds = quick ? 5 : events;
  const operations = apart ? clients : 1;
  const { startEmbeddedPostgres } = await product<typeof EmbeddedPostgres>("db/embedded-postgres.js");
  const { toGlobalId } = await product<typeof Ids>("ids.js");
  const { OperationProgressDocument } = await product<typeof Client>("client/index.js");
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "postgres") });
  const entrants: Entrant[] = [];
  try {
    for (const [index, contestant] of contestants.entries())
      entrants.push(await enter(contestant, index, postgres.url, directory, clients));
    const subscribe = (contestant: Contestant, operations: number) => ({
      query: String(OperationProgressDocument),
      variables: Array.from({ length: operations }, (_, index) => {
        const uuid = operationId(index + 1);
        const id = contestant.idOf(uuid, toGlobalId("operation", uuid));
        return { operationId: id, afterRevision: 0 };
      }),
    });

    /** One event: from the commit to the last subscriber's receipt. */
    async function tell(entrant: Entrant, crowd: Crowd): Promise<{ ms: number; cpuMs: number }> {
      const revision = nextRevision(entrant);
      await crowd.tell({ expect: `"revision":${revision},` });
      const cpu = cpuSeconds(entrant.server.pid);
      const [received, committed] = await Promise.all([
        crowd.next(),
        storeProgress(entrant.client, operations, revision),
      ]);
      const ms = Number(BigInt(received) - committed) / 1e6;
      return { ms, cpuMs: (cpuSeconds(entrant.server.pid) - cpu) * 1000 };
    }

    async function measure(): Promise<Map<Entrant, Outcome>> {
      const crowds = new Map<Entrant, Crowd>();
      const outcomes = new Map<Entrant, Outcome>();
      try {
        for (const entrant of entrants) {
          const { contestant, server } = entrant;
          const connect = { port: server.port, key, ...subscribe(contestant, operations) };
          const warm = startCrowd();
          await warm.tell({ connect: { ...connect, clients: 100 } });
          await warm.stop();
          const before = await settled(server);
          const crowd = startCrowd();
          crowds.set(entrant, crowd);
          const start = performance.now();
          await crowd.tell({ connect: { ...connect, clients } });
          const connectedMs = performance.now() - start;
          const after = await settled(server);
          const each = (of: keyof Memory) => (after[of] - before[of]) / 1024 / clients;
          log(`${contestant.name}: ${clients} subscribers of ${operations} in ${connectedMs.toFixed(0)} ms`);
          const grown = (of: keyof Memory) => `${of} ${each(of).toFixed(1)}`;
          const kinds = ["heapUsed", "external", "heapTotal", "nursery", "rss"] as const;
          log(
            `${contestant.name}: KiB a subscriber: ${kinds.map(grown).join(", ")}; ${Math.round(before.rss / 2 ** 20)} MiB before`,
          );
          const heapKiB = each("heapUsed") + each("external");
          const ways = Object.keys(contestant.ways);
          const ms = Object.fromEntries(ways.map((name) => [name, [] as number[]]));
          const cpuMs = Object.fromEntries(ways.map((name) => [name, 0]));
          const memory = { heapKiB, rssKiB: each("rss"), nurseryKiB: each("nursery") };
          outcomes.set(entrant, { connectedMs, ms, cpuMs, ...memory });
        }
        // Contestants take turns, so that whatever else the machine does meets all of them; the first rounds warm up.
        for (const round of Array.from({ length: rounds + 2 }, (_, index) => index)) {
          const times: string[] = [];
          for (const [entrant, crowd] of crowds)
            for (const [name, way] of Object.entries(entrant.contestant.ways)) {
              entrant.server.take(way);
              const { ms, cpuMs } = await tell(entrant, crowd);
              times.push(ms.toFixed(0));
              if (round < 2) continue;
              const outcome = outcomes.get(entrant)!;
              outcome.ms[name]!.push(ms);
              outcome.cpuMs[name]! += cpuMs / rounds;
            }
          log(`round ${round + 1} of ${rounds + 2}: ${times.join(", ")} ms`);
        }
      } finally {
        for (const crowd of crowds.values()) await crowd.stop();
      }
      return outcomes;
    }

    const outcomes = await measure();
    const ours = entrants[0]!;
    const { rows } = await ours.client.query<{ count: number }>(
      `select count(*)::int from pg_stat_activity where application_name = 'daguerre-events' and datname = current_database()`,
    );
    const count = clients.toLocaleString("en");
    return {
      columns: [
        "contestant",
        "s until all are connected",
        "ms until all have it (quartiles)",
        "Daguerre is so many times as fast (quartiles)",
        "its CPU ms/event",
        "KiB/idle subscriber, heap",
        "resident",
        "of it, room for new objects",
      ],
      rows: table(outcomes, ours),
      figures: figuresOf(outcomes, entrants, apart),
      notes: [
        `${count} subscribers ${apart ? `of ${count} operations, one each, which all change in one transaction` : "of one operation's progress"}; ${rounds} events. Times are from the commit to the last subscriber's receipt. Daguerre LISTENs for events on ${rows[0]!.count} connection.`,
        `**plain** is graphql-ws with graphql-js as its documentation has it: an execution for each subscriber and event; that each reads the row by the id of the notice is this bench's choice. **plain, row handed over** reads once for each notice. Neither has keys, roles, limits or row-level security. Clients are bare sockets in a process of their own; each is checked to receive each change exactly once. Contestants take turns, and ratios are taken event by event. Memory is what the service's process holds more, after a collection, than without the subscribers; room for new objects is what V8 keeps for the next ones, as large as it once had to be, and gives back when it is told that memory is short.`,
      ],
    };
  } finally {
    for (const { server, client } of entrants) {
      await client.end();
      await server.stop();
    }
    await postgres.stop();
  }
}

const revisions = new WeakMap<Entrant, number>();
function nextRevision(entrant: Entrant): number {
  const revision = (revisions.get(entrant) ?? 100) + 1;
  revisions.set(entrant, revision);
  return revision;
}

/** A database of its own, so that nobody hears another's notices, and a server on it. */
async function enter(
  contestant: Contestant,
  index: number,
  postgresUrl: string,
  directory: string,
  clients: number,
): Promise<Entrant> {
  const { migrateDatabase } = await product<typeof Migrate>("db/migrate.js");
  const name = `contestant_${index}`;
  const admin = new pg.Client(postgresUrl);
  await admin.connect();
  await admin.query(`create database ${name}`).finally(() => admin.end());
  const url = postgresUrl.replace(/\/postgres$/, `/${name}`);
  await migrateDatabase(url);
  const env = {
    DATABASE_URL: url,
    DAGUERRE_HOME: join(directory, name),
    DAGUERRE_BOOTSTRAP_KEY: key,
    DAGUERRE_MAX_SOCKETS_PER_KEY: "100000",
    DAGUERRE_MAX_SUBSCRIPTIONS_PER_PROJECT: "100000",
    DAGUERRE_BUCKET_POINTS: "100000000",
    DAGUERRE_LOG_LEVEL: "silent",
  };
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  const server = await startServer(contestant, firstPort + index, env);
  try {
    await client.connect();
    await seedOperations(client, clients);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { contestant, server, client };
}

/** What the process holds once those who have gone are forgotten. */
async function settled(server: Server): Promise<Memory> {
  let last = await server.memory();
  const { nursery } = last;
  for (let quiet = 0; quiet < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = await server.memory();
    quiet = Math.abs(now.heapUsed - last.heapUsed) < 100_000 ? quiet + 1 : 0;
    last = now;
  }
  // The first look has had it given back.
  return { ...last, rss: last.rss + nursery, nursery };
}

function figuresOf(
  outcomes: ReadonlyMap<Entrant, Outcome>,
  [ours, theirs]: readonly Entrant[],
  apart: boolean,
): Figure[] {
  const [own, plain] = [outcomes.get(ours!)!, outcomes.get(theirs!)!];
  const [quick, slow] = [own.ms["daguerre"]!, plain.ms["plain"]!];
  return [
    {
      what: `${apart ? "each of an operation of their own" : "all of one operation"}, times as fast as the plain way`,
      measured: median(slow.map((each, event) => each / quick[event]!)),
      aim: { atLeast: apart ? 1 : 10 },
    },
    ...(apart ? [] : memoryFigures(own)),
  ];
}

/** The aim is for who shares an operation. */
const memoryFigures = ({ heapKiB, rssKiB, nurseryKiB }: Outcome): Figure[] =>
  Object.entries({
    "KiB of heap for each idle subscriber": heapKiB,
    "KiB resident for each": rssKiB,
    "KiB resident for each, without V8's room for new objects": rssKiB - nurseryKiB,
  }).map(([what, measured]) => ({ what, measured, aim: { atMost: 25 } }));

function table(outcomes: ReadonlyMap<Entrant, Outcome>, ours: Entrant): string[][] {
  const own = outcomes.get(ours)!.ms[ours.contestant.name]!;
  return [...outcomes.values()].flatMap(({ connectedMs, ms, cpuMs, heapKiB, rssKiB, nurseryKiB }) =>
    Object.entries(ms).map(([name, all]) => [
      name,
      (connectedMs / 1000).toFixed(1),
      spread(all, 0),
      spread(all.map((each, event) => each / own[event]!)),
      cpuMs[name]!.toFixed(0),
      heapKiB.toFixed(1),
      rssKiB.toFixed(1),
      nurseryKiB.toFixed(1),
    ]),
  );
}
