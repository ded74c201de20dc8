import { eq } from "drizzle-orm";
import { type Client, createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { Buckets } from "../../src/api/limits/buckets.js";
import { systemClock } from "../../src/clock.js";
import { defaultLimits } from "../../src/config/limits.js";
import { operations, snapshots } from "../../src/db/tables/index.js";
import { type Edge, startEdge } from "./edge.js";
import { idsFor, insertTwoTenants, type Place, places, readable, requestFor, rowsOf } from "./id-places.js";
import type { TenantRows } from "./tenant-rows.js";

/**
 * The walk of foreign-ids.test.ts once more, as clients go it: over HTTP so often that answers are compiled and given quickly,
 * over sockets that share what they follow, and after the other project has asked the very same.
 */

let edge: Edge;
let mine: TenantRows;
let theirs: TenantRows;
let nobodys: Readonly<Record<string, string>>;
let before: string;
/** Each change has a later one. */
let revision = 10;

beforeAll(async () => {
  edge = await startEdge(
    {
      authenticate: (key) =>
        Promise.resolve(
          key === "theirs"
            ? theirs.viewer
            : { ...mine.viewer, role: key === "viewer" ? "VIEWER" : "ADMIN", keyId: key },
        ),
      compileAfter: 1,
      // What the walk asks for is as much as there is.
      limits: { ...defaultLimits, cost: 2 ** 40, depth: 100, tokens: 100_000 },
      buckets: new Buckets({ clock: systemClock, capacity: 2 ** 50, perSecond: 2 ** 50 }),
    },
    undefined,
    true,
  );
  ({ mine, theirs, nobodys, before } = await insertTwoTenants(edge));
});
afterAll(() => edge.close());

/** The status and the answer, but for what depends on what was asked before. */
async function post(place: Place, id: string, key: string): Promise<string> {
  const { source, variableValues } = requestFor(place, id, key === "theirs" ? theirs : mine);
  const response = await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: JSON.stringify({ query: source, variables: variableValues }),
  });
  const answer = (await response.json()) as { extensions?: { cost?: { remaining?: number } } };
  delete answer.extensions?.cost?.remaining;
  return readable([response.status, answer], id);
}

const times = 3;
const placesOf = (...roots: Place["root"][]) =>
  places
    .filter(({ root }) => roots.includes(root))
    .flatMap((place) =>
      (["viewer", "admin"] as const).map(
        (key) => [place.on ?? place.root, place.at, place.taken, key, place] as const,
      ),
    );

describe("somebody else's id is as unknown as nobody's, over HTTP", () => {
  it.each(placesOf("query"))("%s %s: %s, asked as %s", async (_on, _at, taken, key, place) => {
    const [own, foreign, unknown] = await idsFor(edge, place, mine, theirs, nobodys);
    const nothing = await post(place, unknown, key);
    expect(nothing).not.toContain("INTERNAL_SERVER_ERROR");
    for (let time = 0; time < times; time++) {
      // At once, so that their reads could meet.
      const [owners, foreigners, nobody] = await Promise.all([
        post(place, foreign, "theirs"),
        post(place, foreign, key),
        post(place, unknown, key),
      ]);
      expect(foreigners).toBe(nothing);
      expect(nobody).toBe(nothing);
      // No id finds a project, and some fields are for ADMINs alone; all else is told to whose it is.
      if (taken === "project" || nothing.includes("FORBIDDEN")) continue;
      expect(owners).not.toBe(nothing);
      if (key === "admin") expect(await post(place, own, key)).not.toBe(nothing);
    }
  });

  it.each(placesOf("mutation"))("%s %s: %s, sent as %s", async (_on, _at, _taken, key, place) => {
    const [, foreign, unknown] = await idsFor(edge, place, mine, theirs, nobodys);
    const nothing = await post(place, unknown, key);
    expect(nothing).not.toContain("INTERNAL_SERVER_ERROR");
    for (let time = 0; time < times; time++) expect(await post(place, foreign, key)).toBe(nothing);
  });

  it("and nothing of theirs has changed", async () => {
    expect(await rowsOf(edge, theirs)).toBe(before);
  });
});

/** Something new of all that the project has, as workers tell it. */
async function change({ viewer: { projectId } }: TenantRows, revision: number): Promise<void> {
  await edge.db.transaction(async (tx) => {
    const own = eq(operations.projectId, projectId);
    const changed = await tx.update(operations).set({ revision }).where(own).returning();
    const kept = await tx.select().from(snapshots).where(eq(snapshots.projectId, projectId));
    await edge.events.publish(
      tx,
      ...changed.map(({ id, instanceId }) => ({ topic: "operation", id, instanceId, revision }) as const),
      ...kept.map(
        ({ id, instanceId }) => ({ topic: "snapshot", id, instanceId, change: "UPDATED" }) as const,
      ),
    );
  });
}

function connect(key: string): Client {
  return createClient({
    url: `${edge.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    connectionParams: { Authorization: `Bearer ${key}` },
  });
}

/** All that a client is told, and how it ended. */
function follow(client: Client, place: Place, id: string): string[] {
  const heard: string[] = [];
  const { source, variableValues } = requestFor(place, id, mine);
  client.subscribe(
    { query: source, variables: variableValues },
    {
      next: (result) => heard.push(readable(result, id)),
      error: (error) => heard.push(readable(error, id)),
      complete: () => heard.push("end"),
    },
  );
  return heard;
}

describe("and over sockets", () => {
  const subscriptions = placesOf("subscription");

  it.each(subscriptions)("%s %s: %s, followed as %s", async (_root, _at, _taken, key, place) => {
    const [own, foreign, unknown] = await idsFor(edge, place, mine, theirs, nobodys);
    const [ours, others] = [connect(key), connect("theirs")];
    const owners = follow(others, place, foreign);
    const [foreigners, nobody] = [foreign, unknown].map((id) => follow(ours, place, id)) as [
      string[],
      string[],
    ];
    // Begun last, over the same socket: when it is told of a change, the others would have been.
    const known = follow(ours, place, own);
    for (const [index, heard] of [owners, known, owners, known].entries()) {
      const count = heard.length;
      await vi.waitFor(
        async () => {
          if (heard.at(-1) === "end") return;
          await change(index % 2 ? mine : theirs, revision++);
          expect(heard.length).toBeGreaterThan(count);
        },
        { timeout: 10_000 },
      );
    }
    expect(foreigners).toEqual(nobody);
    expect(foreigners).not.toEqual(owners);
    expect(foreigners.join()).not.toContain("INTERNAL_SERVER_ERROR");
    await Promise.all([ours.dispose(), others.dispose()]);
  });

  it("walks all of them", () => {
    expect(subscriptions.length).toBeGreaterThanOrEqual(6);
  });
});
