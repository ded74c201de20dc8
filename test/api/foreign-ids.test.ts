import { graphql, parse, subscribe } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContext } from "../../src/api/context.js";
import { createDownloadLink } from "../../src/api/download-link.js";
import { EngineError } from "../../src/engines/engine.js";
import { findInstance } from "../../src/instances/instances.queries.js";
import { type Edge, startEdge } from "./edge.js";
import {
  idsFor,
  insertTwoTenants,
  type Place,
  places,
  readable,
  requestFor,
  rowsOf,
  schema,
} from "./id-places.js";
import type { TenantRows } from "./tenant-rows.js";

let edge: Edge;
let mine: TenantRows;
let theirs: TenantRows;
/** Ids that nobody has, of the same kinds. */
let nobodys: Readonly<Record<string, string>>;
let before: string;

beforeAll(async () => {
  const runStatement = async (viewer: { projectId: string }, instanceId: string) => {
    const found = await findInstance(edge.parts.tenants.open(viewer.projectId), viewer, instanceId);
    if (!found) throw new EngineError("NOT_FOUND", "There is no such instance.");
    return { fields: [], values: [], wrote: false };
  };
  edge = await startEdge(
    {
      authenticate: () => Promise.resolve(mine.viewer),
      runStatement,
      openDownload: () => Promise.resolve(undefined),
    },
    undefined,
    true,
  );
  ({ mine, theirs, nobodys, before } = await insertTwoTenants(edge));
});
afterAll(() => edge.close());

/** Asks as the first project's ADMIN, with that id at that place, and the project's own ids at all others. */
async function ask(place: Place, id: string, as = mine): Promise<unknown> {
  const { source, variableValues } = requestFor(place, id, as);
  const contextValue = createContext(edge.parts, { viewer: as.viewer });
  if (place.root !== "subscription") return graphql({ schema, source, variableValues, contextValue });
  const result = await subscribe({ schema, document: parse(source), variableValues, contextValue });
  if (!(Symbol.asyncIterator in result)) return result;
  await result.return?.(undefined);
  return "a stream";
}

/** What is found by no id at all, one's own included. */
const foundByNone = (place: Place) => place.taken === "project";

describe("somebody else's id is as unknown as nobody's", () => {
  // Writes come last, so that what one's own ids do there disturbs no comparison.
  const ordered = [...places].sort((a, b) => Number(a.root === "mutation") - Number(b.root === "mutation"));
  it.each(ordered.map((place) => [place.root, place.on ?? "", place.at, place.taken, place] as const))(
    "%s %s %s: %s",
    async (_root, _on, _at, _taken, place) => {
      const [own, foreign, unknown] = await idsFor(edge, place, mine, theirs, nobodys);
      const answers = [await ask(place, foreign), await ask(place, unknown)].map((answer) =>
        readable(answer, foreign, unknown),
      );
      expect(answers[0]).toBe(answers[1]);
      expect(answers[0]).not.toContain("INTERNAL_SERVER_ERROR");
      // One's own is known: otherwise the two would be alike for another reason.
      if (!foundByNone(place)) expect(readable(await ask(place, own), own)).not.toBe(answers[1]);
    },
  );

  it("walks the whole schema", () => {
    expect(places.length).toBeGreaterThan(30);
  });

  it("in the Query API", async () => {
    const post = async (id: string) => {
      const response = await fetch(`${edge.url}/db/${id}/query/v2`, {
        method: "POST",
        headers: { authorization: "Bearer mine", "content-type": "application/json" },
        body: JSON.stringify({ statement: "MATCH (n) DETACH DELETE n" }),
      });
      return `${response.status} ${(await response.text()).replaceAll(id, "THE-ID")}`;
    };
    const unknown = nobodys["instance"] ?? "";
    expect(await post(theirs.ids.instance)).toBe(await post(unknown));
    expect(await post(mine.ids.instance)).not.toBe(await post(unknown));
  });

  it("in download links", async () => {
    const until = new Date(edge.clock.now().getTime() + 60_000);
    const link = createDownloadLink("http://x", edge.parts.downloadKey, mine.ids.operation, until);
    const get = async (id: string) => {
      const response = await fetch(`${edge.url}/downloads/${id}${link.search}`);
      return `${response.status} ${(await response.text()).replaceAll(id, "THE-ID")}`;
    };
    const unknown = nobodys["operation"] ?? "";
    expect(await get(theirs.ids.operation)).toBe(await get(unknown));
    expect(await get(mine.ids.operation)).not.toBe(await get(unknown));
  });

  it("and nothing of theirs has changed", async () => {
    expect(await rowsOf(edge, theirs)).toBe(before);
  });
});
