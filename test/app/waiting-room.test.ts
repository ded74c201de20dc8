import { Socket } from "node:net";
import { expect, it } from "vitest";
import { WaitingRoom } from "../../src/app/waiting-room.js";

/** No test waits for so long. */
const never = 600_000;

/** A room, and what has come of those who entered it, by the names that they came under: their network and a number. */
function createRoom(most: number) {
  const room = new WaitingRoom(most, never);
  const sockets = new Map<string, Socket>();
  const lost: string[] = [];
  return {
    lost,
    enter: (name: string): boolean => {
      const socket = new Socket();
      sockets.set(name, socket);
      return room.enter(name.charAt(0), socket, () => {
        expect(socket.destroyed).toBe(true);
        lost.push(name);
      });
    },
    call: (network: string): string | undefined => {
      const called = room.call(network);
      return [...sockets].find(([, socket]) => socket === called)?.[0];
    },
    goes: (name: string) => sockets.get(name)?.emit("close"),
  };
}

it("gives the place of the youngest of the network with most to one of a network with less", () => {
  const room = createRoom(4);
  for (const name of ["a1", "a2", "a3", "a4"]) expect(room.enter(name)).toBe(true);
  expect(room.enter("a5")).toBe(false);
  expect(room.enter("b1")).toBe(true);
  expect(room.lost).toEqual(["a4"]);
  expect(room.enter("b2")).toBe(true);
  expect(room.lost).toEqual(["a4", "a3"]);
  expect(["a", "a", "a", "b", "b", "b"].map(room.call)).toEqual([
    "a1",
    "a2",
    undefined,
    "b1",
    "b2",
    undefined,
  ]);
});

it("lets no two networks with as much as each other take places in turn", () => {
  const room = createRoom(5);
  for (const name of ["a1", "a2", "a3", "b1", "b2"]) room.enter(name);
  for (const name of ["a4", "b3", "a5", "b4"]) expect(room.enter(name)).toBe(false);
  expect(room.lost).toEqual([]);
  expect(room.enter("c1")).toBe(true);
  expect(room.lost).toEqual(["a3"]);
});

it("knows which network has most, whoever was called, has gone or had to go", () => {
  const room = createRoom(6);
  for (const name of ["a1", "a2", "a3", "a4", "b1", "b2"]) room.enter(name);
  room.goes("a2");
  room.goes("a4");
  expect(room.call("a")).toBe("a1");
  for (const name of ["b3", "b4", "b5"]) expect(room.enter(name)).toBe(true);
  room.goes("b4");
  expect(room.enter("b6")).toBe(true);
  expect(room.enter("c1")).toBe(true);
  expect(room.enter("c2")).toBe(true);
  expect(room.enter("a5")).toBe(true);
  expect(room.enter("a6")).toBe(false);
  expect(room.lost).toEqual(["b6", "b5", "b3"]);
  expect(["a", "a", "a", "b", "b", "b", "c", "c", "c"].map(room.call)).toEqual([
    ...["a3", "a5", undefined],
    ...["b1", "b2", undefined],
    ...["c1", "c2", undefined],
  ]);
});

it("has no place for anybody where none may wait", () => {
  expect(createRoom(0).enter("a1")).toBe(false);
});
