import { expect, it } from "vitest";
import { spellInstant } from "../../src/api/scalars.js";
import { snapshots } from "../../src/db/tables/index.js";

it.each([
  "2026-01-31T12:00:00.123Z",
  "1969-12-31T23:59:59.999Z",
  "1970-01-01T00:00:00.000Z",
  "2024-02-29T23:59:59.001Z",
  "-000001-01-01T00:00:00.000Z",
  "+012345-12-31T01:02:03.004Z",
])("spells an instant as toISOString does: %s", (text) => {
  expect(spellInstant(new Date(text))).toBe(text);
});

it("has no spelling for what is no instant", () => {
  expect(() => spellInstant(new Date(NaN))).toThrow(RangeError);
});

it.each([
  ["2026-01-31 12:00:00.123+00", "2026-01-31T12:00:00.123Z"],
  ["2026-01-31 12:00:00.1+00", "2026-01-31T12:00:00.100Z"],
  ["2026-01-31 12:00:00+00", "2026-01-31T12:00:00.000Z"],
  ["2026-01-31 12:00:00.123+02", "2026-01-31T10:00:00.123Z"],
  ["0999-12-31 23:59:59.999+00", "0999-12-31T23:59:59.999Z"],
])("reads an instant as Postgres spells it: %s", (text, expected) => {
  expect(snapshots.takenAt.mapFromDriverValue(text)).toEqual(new Date(expected));
});
