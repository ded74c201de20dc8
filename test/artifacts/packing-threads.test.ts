import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ArtifactError } from "../../src/artifacts/artifact.js";
import { asDamage, createPackingThreads } from "../../src/artifacts/packing-threads.js";
import { groupBytes } from "../../src/artifacts/packing.js";

/** By each thread of this process its nice value: the 19th field, counted behind the name in brackets. */
const prioritiesOfThreads = () =>
  new Map(
    readdirSync("/proc/self/task").map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
      return [thread, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16])] as const;
    }),
  );

it.runIf(process.platform === "linux")("packs behind whatever answers requests", async () => {
  const before = prioritiesOfThreads();
  const threads = createPackingThreads(1);
  const memory = threads.memory.take(2 * groupBytes);
  const input = {
    key: Buffer.alloc(32, 1),
    page: 0,
    group: 0,
    memory,
    plainBytes: groupBytes,
    known: new Uint8Array(),
  };
  expect((await threads.run("packGroup", input, groupBytes)).kept).toBe(0xff_ff);
  const after = prioritiesOfThreads();
  const [asBefore, own] = [before, after].map((all) => all.get(String(process.pid)));
  // This one, which answers requests, is where it was.
  expect(own).toBe(asBefore);
  const added = [...after].filter(([thread]) => !before.has(thread)).map(([, nice]) => nice);
  expect(added.filter((nice) => nice > own!)).toEqual([19]);
});

/** A thread that does this with every task. */
const bodyThat = (does: string) =>
  new URL(
    `data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { ${does} })`,
  );

it.each([
  ["ends", bodyThat("process.exit(3)"), undefined],
  [
    "dies of a fault, as it does for want of memory",
    bodyThat('throw new Error("gone")'),
    { message: "gone" },
  ],
  ["does not start", new URL("file:///nowhere/worker.js"), undefined],
])("says of a thread that %s nothing about the bytes it had", async (_, body, cause) => {
  const threads = createPackingThreads(1, body);
  const memory = threads.memory.take(groupBytes);
  const input = { key: Buffer.alloc(32, 1), page: 0, memory, packs: [{ group: 0, at: 0, storedBytes: 99 }] };
  // Whatever waits for the thread is lost with it; what comes later gets another.
  for (let round = 0; round < 2; round += 1) {
    const tasks = [1, 2].map(() =>
      threads.run("checkPacks", input, groupBytes).catch(asDamage("a pack is damaged")),
    );
    for (const { status, reason } of (await Promise.allSettled(tasks)) as PromiseRejectedResult[]) {
      expect(status).toBe("rejected");
      expect(reason).toMatchObject({ name: "ArtifactError", code: "INTERRUPTED", ...(cause && { cause }) });
    }
  }
});

it("says of a task that meets other bytes than were written what is damaged", async () => {
  const threads = createPackingThreads(1);
  const memory = threads.memory.take(groupBytes);
  const input = { key: Buffer.alloc(32, 1), page: 0, memory, packs: [{ group: 0, at: 0, storedBytes: 99 }] };
  for (const bytes of [99, groupBytes]) {
    const checking = threads.run("checkPacks", input, bytes).catch(asDamage("a pack is damaged"));
    await expect(checking).rejects.toBeInstanceOf(ArtifactError);
    await expect(checking).rejects.toMatchObject({ code: "DAMAGED", message: "a pack is damaged" });
  }
});
