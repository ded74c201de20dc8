import { expect, it } from "vitest";
import { Seats } from "../../src/engines/ladybug/seats.js";

const late = new Error("too late");
const never = new AbortController().signal;
const hour = 3_600_000;

it("gives what becomes free to who has least, and among equals to who came first", async () => {
  const seats = new Seats(3);
  const first = [await seats.take("many", hour, late, never), await seats.take("many", hour, late, never)];
  await seats.take("one", hour, late, never);
  const order: string[] = [];
  const wait = (party: string, name: string) =>
    seats.take(party, hour, late, never).then((seat) => {
      order.push(name);
      return seat;
    });
  const waits = [wait("many", "many"), wait("one", "one"), wait("none", "none"), wait("none", "none again")];
  expect(seats.short).toEqual(["many", "one", "none", "none"]);
  first[0]?.free();
  first[0]?.free();
  (await waits[2])?.free();
  (await waits[3])?.free();
  await waits[0];
  first[1]?.free();
  await waits[1];
  expect(order).toEqual(["none", "none again", "many", "one"]);
});

it("ends every wait: by its time, or by who no longer wants it", async () => {
  const seats = new Seats(1);
  const seat = await seats.take("a", hour, late, never);
  await expect(seats.take("b", 1, late, never)).rejects.toBe(late);
  const giveUp = new AbortController();
  const waiting = seats.take("b", hour, late, giveUp.signal);
  giveUp.abort(new Error("given up"));
  await expect(waiting).rejects.toThrow("given up");
  await expect(seats.take("b", hour, late, giveUp.signal)).rejects.toThrow("given up");
  expect(seats.short).toEqual([]);
  seat.free();
  expect(seats.heldBy("a")).toBe(0);
  await seats.take("c", hour, late, never);
  expect(seats.heldBy("c")).toBe(1);
});
