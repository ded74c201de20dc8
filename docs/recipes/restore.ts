import {
  createDaguerre,
  granted,
  RefusedError,
  RestoreSnapshotDocument,
  SnapshotDocument,
} from "daguerre/client";

const { DAGUERRE_URL: url = "http://127.0.0.1:4000/graphql", DAGUERRE_KEY: key = "" } = process.env;
const [snapshotId = "", confirmation = ""] = process.argv.slice(2);

const daguerre = createDaguerre({ url, key });
const { snapshot } = await daguerre.request(SnapshotDocument, { id: snapshotId });
if (!snapshot) throw new Error(`There is no snapshot ${snapshotId}.`);
if (confirmation !== "RESTORE") {
  console.log(`Everything in ${snapshot.instance.id} since ${snapshot.takenAt} will be lost.`);
  console.log(`Run again with the word RESTORE behind the id if that is what you want.`);
} else {
  try {
    const input = { snapshotId, confirmation };
    const { operation } = granted(
      (await daguerre.request(RestoreSnapshotDocument, { input })).restoreSnapshot,
    );
    await daguerre.wait(operation.id);
    console.log("restored:", snapshot.instance.id);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    // A busy instance, a window that closed meanwhile: reasons are data.
    for (const reason of error.errors) console.error(`${reason.__typename}: ${reason.message}`);
  }
}
await daguerre.close();
