import { expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { registerEngines } from "../../src/engines/register-engines.js";
import { createTestClock } from "../support/clock.js";
import { createMemoryEngine } from "../support/memory-engine/memory-engine.js";

const whole = (): Engine => createMemoryEngine({ clock: createTestClock(new Date(0)) });

it("finds a driver by its name, and says which there are", () => {
  const driver = whole();
  const engine = registerEngines([driver]);
  expect(engine("memory")).toBe(driver);
  expect(() => engine("neo4j")).toThrow("no driver for the engine neo4j; it has memory");
});

it("refuses a driver that lacks a method, and names it", () => {
  for (const method of Object.keys(whole()).filter((key) => key !== "name" && key !== "traits")) {
    const driver = { ...whole(), [method]: undefined };
    expect(() => registerEngines([driver])).toThrow(`"memory" lacks ${method}`);
  }
});

it("refuses drivers without name, traits or versions, and two of one name", () => {
  const refused = (change: object) => () => registerEngines([{ ...whole(), ...change }]);
  expect(refused({ name: undefined })).toThrow("no usable name");
  expect(refused({ traits: undefined })).toThrow("traits");
  expect(refused({ traits: { ...whole().traits, consistentPoint: "never" } })).toThrow("traits");
  expect(refused({ traits: { ...whole().traits, versions: [] } })).toThrow("no known version");
  expect(refused({ traits: { ...whole().traits, versions: ["V3"] } })).toThrow("no known version");
  expect(() => registerEngines([whole(), whole()])).toThrow("twice");
});
