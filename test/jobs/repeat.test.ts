import { expect, test } from "vitest";
import { repeat } from "../../src/jobs/repeat.js";

test("a repeated task runs at once, never beside itself, and has ended when stop has", async () => {
  let running = 0;
  let runs = 0;
  const thrice = Promise.withResolvers<void>();
  const repeated = repeat(1, async () => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (++runs === 3) thrice.resolve();
  });
  await thrice.promise;
  await repeated.stop();
  const after = runs;
  expect(running).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(after);
});
