import { expect, it } from "vitest";
import { parseJson, toJson, TooManyDigitsError } from "../../src/api/exact-json.js";

const long = "12345678901234567890";

it.each<[text: string, value: unknown]>([
  ['{"a":1,"b":[1.5,true,null,"x"]}', { a: 1, b: [1.5, true, null, "x"] }],
  [`[${long},-${long}]`, [BigInt(long), -BigInt(long)]],
  [`{"a":{"b":[ ${long} ]}}`, { a: { b: [BigInt(long)] } }],
  ["[9007199254740991,9007199254740992,-9007199254740993]", [2 ** 53 - 1, 2n ** 53n, -(2n ** 53n) - 1n]],
  [`"${long}"`, long],
  [`["\\"${long}", "\\\\", ${long}, "a\\\\\\"${long}"]`, [`"${long}`, "\\", BigInt(long), `a\\"${long}`]],
  [`{"${long}":"a ${long} b"}`, { [long]: `a ${long} b` }],
  ...[`[0.${long},${long}.5,1e-10,1${"0".repeat(20)}e3,-0.${long}]`].map((text): [string, unknown] => [
    text,
    JSON.parse(text),
  ]),
  [`{"__proto__":${long}}`, JSON.parse(`{"__proto__":0}`)],
])("reads %s", (text, value) => {
  const read = parseJson(text);
  if (!text.includes("__proto__")) return expect(read).toEqual(value);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(Object.entries(read as object)).toEqual([["__proto__", BigInt(long)]]);
});

it.each([
  `0${long}`,
  `--${long}`,
  `+${long}`,
  `${long}x`,
  `"a"${long}`,
  `[${long}`,
  `"${long}`,
  `.${long}`,
  `- ${long}`,
])("refuses %s, which is no JSON", (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

it("reads no more digits than the longest integer has", () => {
  expect(parseJson("9".repeat(39))).toBe(10n ** 39n - 1n);
  for (const digits of [40, 1_000_000])
    expect(() => parseJson(`[-${"9".repeat(digits)}]`)).toThrow(TooManyDigitsError);
});

it("writes what it reads", () => {
  for (const text of [`{"a":[${long},1,"x",null,{"b":-${long}}],"c":1.5}`, "[1,2]", `"${long}"`, long])
    expect(toJson(parseJson(text))).toBe(text);
});

it("is nearly as fast where one integer is long", () => {
  const body = (last: string) => `[${"1,".repeat(500_000)}${last}]`;
  const timed = (text: string) => {
    const begun = performance.now();
    toJson(parseJson(text));
    return performance.now() - begun;
  };
  timed(body(long));
  // By a reviver it takes more than a second.
  expect(timed(body(long))).toBeLessThan(timed(body("1")) * 10 + 100);
});
