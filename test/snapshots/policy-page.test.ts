import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findTestTitles } from "../support/test-titles.js";

const page = new URL("../../docs/policy.md", import.meta.url);
const rules = readFileSync(page, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.includes("../test/"))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

const titles = new Map<string, Set<string>>();
function titlesOf(file: URL): Set<string> {
  const known = titles.get(file.href) ?? findTestTitles(readFileSync(file, "utf8"));
  titles.set(file.href, known);
  return known;
}

test("the page has a rule in every line of its tables, and no proof twice in a line", () => {
  expect(rules.length).toBeGreaterThan(50);
  expect(rules.filter((cells) => cells.length !== 2)).toEqual([]);
  for (const [, proofs = ""] of rules) {
    const links = proofs.match(/\[.+?\]\([^)]+\)/g) ?? [];
    expect(links).toEqual([...new Set(links)]);
  }
});

describe("a rule names tests that exist and are run:", () => {
  test.each(rules)("%s", (_, proofs) => {
    const links = [...proofs.matchAll(/\[(.+?)\]\((\.\.\/test\/[^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, title, path] of links) {
      const file = new URL(path!, page);
      expect(existsSync(file), path).toBe(true);
      expect([...titlesOf(file)], path).toContain(title);
    }
  });
});

describe("what counts as a test that is run:", () => {
  test.each([
    [`test("a", () => {})`, ["a"]],
    ["it.each([1])(`a %i`, () => {})", ["a %i"]],
    [`describe("a", () => { it("b", () => {}) })`, ["a", "b"]],
    [`test.skipIf(none)("a", () => {})`, ["a"]],
    [`test.each<readonly [string]>([["a", 1], ["b", 2]])("%s", () => {})`, ["%s", "a", "b"]],
    [`const cases: [string][] = [["a"]]; test.each(cases)("%s", () => {})`, ["%s", "a"]],
    [`test.skip("a", () => {}); it.todo("b"); test.each([1]).skip("c", () => {})`, []],
    [`describe.skip("a", () => { test("b", () => {}) })`, []],
    [`// test("a")\nexpect("a").toBe("a"); const a = ["a"]`, []],
  ])("%s", (source, expected) => {
    expect([...findTestTitles(source)]).toEqual(expected);
  });
});
