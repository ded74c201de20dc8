import { expect, it } from "vitest";
import { guardParameters } from "../../src/engines/ladybug/parameters.js";

const wrapped = (levels: number, wrap: (value: unknown) => unknown, value: unknown = 1): unknown =>
  levels === 0 ? value : wrap(wrapped(levels - 1, wrap, value));
const inList = (value: unknown) => [value];
const inMap = (a: unknown) => ({ a });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

it.each([
  ["a long flat list", numbers(500_000)],
  ["a list of lists", numbers(5_000).map(() => numbers(100))],
  ["32 levels of maps", wrapped(32, inMap)],
  ["lists within lists, of few values", wrapped(20, inList)],
  ["very many small maps", numbers(300_000).map((a) => ({ a, b: a, c: a }))],
  ["many maps with a list each", numbers(50_000).map((n) => ({ n, tags: ["a", "b"] }))],
  ["dates, bytes and large integers", [new Date(), Buffer.alloc(9), 2n ** 127n - 1n, -(2n ** 127n), null]],
])("lets %s through", (_name, x) => {
  expect(() => guardParameters({ x })).not.toThrow();
});

it("refuses more parameters than anybody names, of which each takes long to be read and sent", () => {
  const named = (count: number) => Object.fromEntries(numbers(count).map((n) => [`p${n}`, n]));
  expect(() => guardParameters(named(1000))).not.toThrow();
  expect(() => guardParameters(named(1001))).toThrow("more than 1000 parameters");
});

it.each([
  ["33 levels of maps", wrapped(33, inMap), "32 levels"],
  ["a hundred thousand levels", JSON.parse("[".repeat(1e5) + "]".repeat(1e5)), "lists and maps"],
  ["lists within lists within lists", wrapped(23, inList), "lists and maps"],
  ["fewer of them, around many values", wrapped(9, inList, numbers(10_000)), "lists and maps"],
  ["maps within maps, of many values", wrapped(17, (a) => ({ a, b: a })), "lists and maps"],
  ["lists and maps by turns, of two values each", wrapped(10, (a) => [{ a, b: a }]), "lists and maps"],
  ["maps between them", wrapped(17, (value) => [{ a: value }]), "lists and maps"],
  ["an integer that would be read as another", 2n ** 127n, "beyond INT128"],
  ["so small a one", [{ a: -(2n ** 127n) - 1n }], "beyond INT128"],
])("refuses %s", (_name, x, message) => {
  expect(() => guardParameters({ x })).toThrow(message);
});
