import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createFile, syncFolder } from "../durable-file.js";
import type { UnshownKey } from "../projects/bootstrap.js";

/** As a file that its owner alone reads. */
export function createUnshownKey(path: string): UnshownKey {
  const forget = () => rm(path, { force: true });
  return {
    read: async () => (await readFile(path, "utf8").catch(() => undefined))?.trim(),
    async keep(key) {
      // One that lies there belongs to a start whose transaction failed, or to another database.
      await forget();
      await createFile(path, `${key}\n`);
    },
    async forget() {
      await forget();
      await syncFolder(dirname(path));
    },
  };
}
