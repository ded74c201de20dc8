/** Loaded before a contestant's own program: tells, when its parent asks, what its process holds after a collection. */
process.on("message", (message) => {
  if (message !== "memory") return;
  globalThis.gc();
  globalThis.gc();
  const { rss } = process.memoryUsage();
  // Gives back also the room for new objects, which is empty by now and else as large as it once had to be.
  globalThis.gc({ type: "major", flavor: "last-resort" });
  const memory = process.memoryUsage();
  process.send({ ...memory, rss, nursery: rss - memory.rss });
});
process.channel.unref();
