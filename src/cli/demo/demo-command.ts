import { constants, existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startService } from "../../app/service.js";
import { createDaguerre } from "../../client/index.js";
import { loadConfig } from "../../config/config.js";
import { CommandFailure } from "../failure.js";
import { type Gateway, reach } from "./gateway-client.js";
import { runTour } from "./tour.js";

export interface DemoOptions {
  readonly url?: string;
  readonly key?: string;
  /** Where to leave the exported file; without it, it goes with the temporary folder. */
  readonly keep?: string;
}

const open = (url: string, key: string): Gateway => ({
  daguerre: createDaguerre({ url, key, fetch: reach }),
  key,
});

/** Before the tour: nobody should wait for it to hear of that. */
function checkPlace(keep: string): void {
  if (existsSync(keep)) throw new CommandFailure(`${keep} exists already; name another file, or remove it`);
  if (!existsSync(dirname(keep)))
    throw new CommandFailure(`there is no folder ${dirname(keep)}; make it, or name a file elsewhere`);
}

/** Runs the tour against the service named, or against one of its own in a temporary folder. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { keep } = options;
  if (keep !== undefined) checkPlace(keep);
  const folder = await mkdtemp(join(tmpdir(), "daguerre-demo-"));
  const startedAt = performance.now();
  let close = () => Promise.resolve();
  try {
    let gateway: Gateway;
    if (options.url !== undefined) {
      if (options.key === undefined)
        throw new CommandFailure("--url needs --key; pass the key the service printed");
      gateway = open(options.url, options.key);
    } else {
      console.log("Starting a service of its own in a temporary folder …");
      const home = join(folder, "home");
      const config = loadConfig({ DAGUERRE_HOME: home, PORT: "0", DAGUERRE_LOG_LEVEL: "warn" });
      const service = await startService(config);
      close = () => service.close();
      if (service.adminKey === undefined) throw new CommandFailure("the service of the demo made no key");
      gateway = open(service.graphqlUrl, service.adminKey);
    }
    try {
      const exported = await runTour(gateway, folder, () => new Date());
      if (keep !== undefined) await copyFile(exported, keep, constants.COPYFILE_EXCL);
    } finally {
      await gateway.daguerre.close();
    }
    if (keep !== undefined) console.log(`\nThe exported file is kept: ${keep}`);
    console.log(`\nAll comparisons hold. ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
