import { createDaguerre, SnapshotsDocument } from "daguerre/client";

const { DAGUERRE_URL: url = "http://127.0.0.1:4000/graphql", DAGUERRE_KEY: key = "" } = process.env;
const [instanceId = ""] = process.argv.slice(2);

const daguerre = createDaguerre({ url, key });
let after: string | null | undefined;
do {
  const { instance } = await daguerre.request(SnapshotsDocument, {
    instanceId,
    first: 50,
    after,
    filter: { exportableOnly: true },
  });
  if (!instance) throw new Error(`There is no instance ${instanceId}.`);
  for (const snapshot of instance.snapshots.nodes)
    console.log(snapshot.id, snapshot.takenAt, `exportable until ${snapshot.exportability.until}`);
  const { hasNextPage, endCursor } = instance.snapshots.pageInfo;
  after = hasNextPage ? endCursor : undefined;
} while (after);
