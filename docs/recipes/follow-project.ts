import { createDaguerre, ProjectChangedDocument } from "daguerre/client";

const { DAGUERRE_URL: url = "http://127.0.0.1:4000/graphql", DAGUERRE_KEY: key = "" } = process.env;

const daguerre = createDaguerre({ url, key });
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

try {
  // Every instance as it stands comes first, and again after a lost connection: nothing falls between.
  const changes = daguerre.subscribe(ProjectChangedDocument, {}, stop);
  for await (const { projectChanged } of changes) {
    const { subject, instance, snapshot, operation } = projectChanged;
    if (operation)
      console.log(subject, instance.name, operation.__typename, operation.status, operation.percent);
    else if (snapshot) console.log(subject, instance.name, snapshot.id, snapshot.status);
    else console.log(subject, instance.name, instance.status);
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
}
await daguerre.close();
