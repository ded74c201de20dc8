import { expect, it } from "vitest";
import { createInsistence } from "../../src/cli/insistence.js";

it("asks at the first signal, and insists at the next that is no echo of it", () => {
  let now = 1000;
  const said: string[] = [];
  const heed = createInsistence(
    () => now,
    () => said.push("stop"),
    () => said.push("at once"),
  );
  heed();
  // As npm hands on what the terminal has sent already.
  now += 20;
  heed();
  expect(said).toEqual(["stop"]);
  now += 980;
  heed();
  expect(said).toEqual(["stop", "at once"]);
});
