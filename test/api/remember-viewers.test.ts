import { afterEach, expect, it } from "vitest";
import { rememberViewers } from "../../src/api/remember-viewers.js";
import type { BusMessage, EventBus } from "../../src/events/event-bus.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { createTestClock } from "../support/clock.js";

const start = new Date("2026-03-01T00:00:00Z");
const ada: Viewer = {
  projectId: "p",
  projectName: "graphs",
  role: "VIEWER",
  keyId: "k",
  keyName: "ada",
  expiresAt: null,
};

let stop = new AbortController();
afterEach(() => stop.abort());

/** A bus whose messages the test sends, and which says when the last one has been dealt with. */
function createBus() {
  const waiting: ((message: IteratorResult<BusMessage>) => void)[] = [];
  let asked = Promise.withResolvers<void>();
  const messages: AsyncIterableIterator<BusMessage> = {
    next: () => {
      asked.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.asyncIterator]: () => messages,
  };
  return {
    events: { listen: () => messages } as unknown as EventBus,
    send: async (value: BusMessage): Promise<void> => {
      asked = Promise.withResolvers();
      waiting.shift()!({ done: false, value });
      await asked.promise;
    },
  };
}

function setUp(viewer = ada) {
  stop = new AbortController();
  const clock = createTestClock(start);
  const { events, send } = createBus();
  const asked: string[] = [];
  const state: { viewer: Viewer | undefined } = { viewer };
  const authenticate = (credentials: string) => {
    asked.push(credentials);
    return Promise.resolve(state.viewer);
  };
  const recall = rememberViewers({ clock, events, authenticate }, stop.signal);
  return { clock, send, asked, state, ask: (key = "key") => recall(key, clock.now()) };
}

it("asks once a second who a key is", async () => {
  const { clock, asked, ask } = setUp();
  await ask();
  clock.advance(999);
  expect(await ask()).toBe(ada);
  expect(asked).toHaveLength(1);
  clock.advance(2);
  await ask();
  expect(asked).toHaveLength(2);
});

it("asks anew when the clock has stepped back, and once a second after it", async () => {
  const { clock, asked, ask } = setUp();
  await ask();
  clock.advance(-3_600_000);
  await ask();
  clock.advance(999);
  await ask();
  expect(asked).toHaveLength(2);
  clock.advance(2);
  await ask();
  expect(asked).toHaveLength(3);
});

it("forgets a key that there is news of, and all after a lost connection", async () => {
  const { send, state, asked, ask } = setUp();
  await ask();
  await send({ topic: "apiKey", id: "another" });
  await ask();
  expect(asked).toHaveLength(1);
  state.viewer = undefined;
  await send({ topic: "apiKey", id: "k" });
  expect(await ask()).toBeUndefined();
  state.viewer = ada;
  await ask();
  await send({ topic: "RESYNC" });
  await ask();
  expect(asked).toHaveLength(4);
});

it("ends a remembered key at the instant it expires", async () => {
  const { clock, state, ask } = setUp({ ...ada, expiresAt: new Date(start.getTime() + 500) });
  await ask();
  state.viewer = undefined;
  clock.advance(499);
  expect(await ask()).toBeDefined();
  clock.advance(1);
  expect(await ask()).toBeUndefined();
});

it("does not remember nobody", async () => {
  const { asked, state, ask } = setUp();
  state.viewer = undefined;
  await ask();
  state.viewer = ada;
  expect(await ask()).toBe(ada);
  expect(asked).toHaveLength(2);
});
