import { availableParallelism } from "node:os";
import { expect, it, vi } from "vitest";
import { Room } from "../../src/engines/ladybug/room.js";

const never = new AbortController().signal;
const hour = 3_600_000;

it("starts as many processes at a time as there are processors, and first whose project starts fewest", async () => {
  const room = new Room(32, new Set(), () => undefined);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const start = (party: string) =>
    room.start(party, hour, never, () => {
      begun.push(party);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const most = availableParallelism();
  const all = Array.from({ length: most + 2 }, () => start("many"));
  await vi.waitFor(() => expect(begun).toHaveLength(most));
  all.push(start("few"));
  ends.shift()?.();
  await vi.waitFor(() => expect(begun).toHaveLength(most + 1));
  expect(begun.at(-1)).toBe("few");
  while (begun.length < all.length || ends.length > 0) {
    ends.splice(0).forEach((end) => end());
    await new Promise(setImmediate);
  }
  await Promise.all(all);
});

it("gives the turn of a start that fails to the next", async () => {
  const room = new Room(1, new Set(), () => undefined);
  for (let time = 0; time <= availableParallelism(); time++)
    await expect(
      room.start("a", hour, never, () => Promise.reject(new Error("no such program"))),
    ).rejects.toThrow("no such program");
});
