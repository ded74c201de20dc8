import { randomUUID } from "node:crypto";
import { createDaguerre, granted, TakeSnapshotDocument } from "daguerre/client";

const { DAGUERRE_URL: url = "http://127.0.0.1:4000/graphql", DAGUERRE_KEY: key = "" } = process.env;
const [instanceId = "", name] = process.argv.slice(2);

const daguerre = createDaguerre({ url, key });
// Made once, before the first attempt: whoever tries again with it gets the same operation, not a second snapshot.
const idempotencyKey = randomUUID();
const answer = await daguerre.request(TakeSnapshotDocument, { input: { instanceId, name, idempotencyKey } });
const { operation, snapshot } = granted(answer.takeSnapshot);
await daguerre.wait(operation.id, {
  onChange: ({ phase, percent }) => console.log(phase, `${Math.floor(percent)} %`),
});
console.log("taken:", snapshot?.id);
await daguerre.close();
