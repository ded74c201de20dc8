import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = new URL("../../docs/policy.md", import.meta.url);
const rules = readFileSync(page, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.includes("../test/"))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

test("the page has a rule in every line of its tables, and no proof twice in a line", () => {
  expect(rules.length).toBeGreaterThan(50);
  expect(rules.filter((cells) => cells.length !== 2)).toEqual([]);
});

describe("a rule names tests that exist:", () => {
  test.each(rules)("%s", (_, proofs) => {
    const links = [...proofs.matchAll(/\[(.+?)\]\((\.\.\/test\/[^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, title, path] of links) {
      const file = new URL(path!, page);
      expect(existsSync(file), path).toBe(true);
      expect(readFileSync(file, "utf8"), path).toContain(title);
    }
  });
});
