import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { defaultLimits, describeLimits } from "../../src/config/limits.js";

const page = readFileSync(new URL("../../docs/limits.md", import.meta.url), "utf8");

it.each(describeLimits(defaultLimits))(
  "docs/limits.md has $name with its default",
  ({ name, default: preset }) => {
    expect(page).toMatch(new RegExp(`\\| \`${name}\` *\\| ${preset} *\\|`));
  },
);
