import { getHeapSpaceStatistics } from "node:v8";

/** Loaded before a contestant's own program: tells, when its parent asks, what its process holds after a collection. */
process.on("message", (message) => {
  if (message !== "memory") return;
  globalThis.gc();
  globalThis.gc();
  // Where new objects are made: empty by now, and kept as large as it once had to be.
  const { physical_space_size: nursery } = getHeapSpaceStatistics().find(
    ({ space_name: name }) => name === "new_space",
  );
  process.send({ ...process.memoryUsage(), nursery });
});
process.channel.unref();
