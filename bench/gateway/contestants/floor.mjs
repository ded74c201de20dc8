// The floor: node:http, pg, JSON.stringify, and nothing between them.
import { createServer } from "node:http";
import {
  findInstance,
  listExportable,
  listInstances,
  listLatest,
  listOperations,
  parseIdOf,
  takeSnapshot,
} from "./hand.mjs";

const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));
const inInstance = ["id", "name", "tier", "status", "createdAt"];
const inDashboard = ["id", "name", "tier", "version", "status", "region"];
const inTab = [
  "id",
  "type",
  "kind",
  "cause",
  "status",
  "name",
  "takenAt",
  "completedAt",
  "sizeBytes",
  "storedBytes",
];
const flags = ["restorable", "exportable", "restorability", "exportability"];
const inLatest = ["id", "kind", "type", "status", "takenAt", "sizeBytes", "restorable", "exportable"];

const answers = {
  Q1: async ({ id }) => ({ instance: pick(await findInstance(id), inInstance) }),
  Q2: async ({ id }) => {
    const { edges, pageInfo } = await listExportable(parseIdOf("instance", id), 25);
    const names = [...inTab, ...flags];
    const shown = edges.map(({ cursor, node }) => ({ cursor, node: pick(node, names) }));
    return { instance: { snapshots: { edges: shown, pageInfo } } };
  },
  Q3: async () => {
    const instances = await listInstances(20);
    const latest = await listLatest(
      instances.map((instance) => instance.uuid),
      5,
    );
    const nodes = instances.map((instance, index) => ({
      ...pick(instance, inDashboard),
      snapshots: { nodes: latest[index].map((snapshot) => pick(snapshot, inLatest)) },
    }));
    return { instances: { nodes } };
  },
  Q4: async ({ ids }) => ({ nodes: await listOperations(ids) }),
  M1: async ({ id }) => ({ takeSnapshot: await takeSnapshot(id) }),
};

createServer((request, response) => {
  if (request.method === "GET") return response.end();
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify({ data: await answers[operationName](variables) });
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(body);
  });
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
