import { availableParallelism } from "node:os";
import { expect, it, vi } from "vitest";
import { Room } from "../../src/engines/ladybug/room.js";

const never = new AbortController().signal;
const hour = 3_600_000;

const most = Math.max(2, availableParallelism());

/** Starts that end when the test says so. */
function setUp() {
  const room = new Room(32, new Set(), () => undefined);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const start = (party: string) =>
    room.start(party, hour, never, () => {
      begun.push(party);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  async function endAll(all: readonly Promise<void>[]): Promise<void> {
    while (begun.length < all.length || ends.length > 0) {
      ends.splice(0).forEach((end) => end());
      await new Promise(setImmediate);
    }
    await Promise.all(all);
  }
  return { begun, ends, start, endAll };
}

it("starts as many processes at a time as there are processors, and first whose project starts fewest", async () => {
  const { begun, ends, start, endAll } = setUp();
  const all = Array.from({ length: most }, (_, index) => start(`project ${index}`));
  all.push(start("project 0"), start("few"));
  await vi.waitFor(() => expect(begun).toHaveLength(most));
  ends.splice(1, 1).forEach((end) => end());
  await vi.waitFor(() => expect(begun).toHaveLength(most + 1));
  expect(begun.at(-1)).toBe("few");
  await endAll(all);
});

it("leaves others half of the turns, whoever starts many that take long", async () => {
  const { begun, start, endAll } = setUp();
  const all = Array.from({ length: most + 2 }, () => start("many"));
  await vi.waitFor(() => expect(begun).toHaveLength(Math.floor(most / 2)));
  all.push(start("other"));
  await vi.waitFor(() => expect(begun.at(-1)).toBe("other"));
  await endAll(all);
});

it("gives the turn of a start that fails to the next", async () => {
  const room = new Room(1, new Set(), () => undefined);
  for (let time = 0; time <= availableParallelism(); time++)
    await expect(
      room.start("a", hour, never, () => Promise.reject(new Error("no such program"))),
    ).rejects.toThrow("no such program");
});
