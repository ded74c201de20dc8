import { expect, it } from "vitest";
import { DateTime, spellInstant } from "../../src/api/scalars.js";
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

it.each([
  "0000-01-01T00:00:00Z",
  "0000-12-31T23:59:59.999Z",
  "0001-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59.999-00:01",
])("takes no instant outside the years 0001 to 9999: %s", (text) => {
  expect(() => DateTime.parseValue(text)).toThrow(
    expect.objectContaining({
      message: "Give an instant of the years 0001 to 9999, in UTC.",
      extensions: { code: "BAD_USER_INPUT" },
    }),
  );
});

it.each(["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])(
  "takes the first and the last: %s",
  (text) => {
    expect(DateTime.serialize(DateTime.parseValue(text))).toBe(text);
  },
);

it("spells what is reckoned beyond them as the last", () => {
  expect(DateTime.serialize(new Date("+010000-02-01T00:00:00.000Z"))).toBe("9999-12-31T23:59:59.999Z");
});
