import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startService } from "../../app/service.js";
import { createDaguerre } from "../../client/index.js";
import { loadConfig } from "../../config/config.js";
import { CommandFailure } from "../failure.js";
import type { Gateway } from "./gateway-client.js";
import { runTour } from "./tour.js";

export interface DemoOptions {
  readonly url?: string;
  readonly key?: string;
}

const open = (url: string, key: string): Gateway => ({ daguerre: createDaguerre({ url, key }), key });

/** Runs the tour against the service named, or against one of its own in a temporary folder. */
export async function runDemo(options: DemoOptions): Promise<void> {
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
      await runTour(gateway, folder, () => new Date());
    } finally {
      await gateway.daguerre.close();
    }
    console.log(`\nAll comparisons hold. ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
