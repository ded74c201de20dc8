import { startService } from "../app/service.js";
import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { createInsistence } from "./insistence.js";

/** Starts everything and stays until SIGINT or SIGTERM. A second one ends it at once: a kill costs nothing that is durable. */
export async function runUp(): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    const heed = createInsistence(
      () => performance.now(),
      resolve,
      () => {
        console.error("Stopped at once. What was under way is run again at the next start.");
        process.exit(1);
      },
    );
    // `on`, not `once`: signal-exit, which comes with a library, ends the process as soon as it listens alone.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, heed);
  });
  const service = await startService(loadConfig(readEnv()));
  const key = service.adminKey;
  const another = "as before; for another: npx daguerre keys create --name admin --role ADMIN";
  const graphiql =
    service.graphiqlUrl && `\n  GraphiQL  ${service.graphiqlUrl}   (in a browser; takes the key)`;
  const shown = await print(`
Daguerre is up.

  GraphQL   ${service.graphqlUrl}   (HTTP and WebSocket)${graphiql ?? ""}
  API key   ${key ? `${key}   (shown once: keep it)` : another}
  Data      ${service.home}
  Stop      Ctrl-C, or SIGTERM; a second start keeps everything

Ask it something:

  curl -s ${service.graphqlUrl} -H 'Authorization: Bearer ${key ?? "YOUR_KEY"}' -H 'Content-Type: application/json' \\
    -d '{"query":"{ viewer { project role } instances(first: 5) { nodes { id name status } } }"}'

`);
  if (key && shown) await service.adminKeyShown();
  await stopped;
  console.log("Stopping …");
  await service.close();
  // A step that did not heed its abort must not keep a stopped service alive; it is run again by the next.
  process.exit(0);
}

/** Whether it went out: somebody may have closed the pipe. */
function print(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    // An error that nobody hears of would end the service.
    const closed = () => resolve(false);
    process.stdout.once("error", closed).write(text, (error) => {
      if (error) return;
      process.stdout.off("error", closed);
      resolve(true);
    });
  });
}
