import { expect, test } from "vitest";
import { isOlder } from "../../src/engines/is-older.js";

test("versions are in order by their numbers, and a trial comes before what it tries", () => {
  const inOrder = [
    "0.9.1",
    "0.10",
    "0.10.0",
    "0.10.1-dev.2",
    "0.10.1-dev.10",
    "0.10.1",
    "1.0.0-rc.1",
    "1.0.0",
  ];
  for (const [index, version] of inOrder.entries()) {
    expect(inOrder.slice(index + 1).filter((later) => !isOlder(version, later))).toEqual([]);
    expect(inOrder.slice(0, index + 1).filter((earlier) => isOlder(version, earlier))).toEqual([]);
  }
});
