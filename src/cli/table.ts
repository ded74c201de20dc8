/** Prints columns aligned by their widest cell, as far as `maxWidth` characters each. */
export function formatTable(
  fields: readonly string[],
  rows: readonly (readonly unknown[])[],
  maxWidth = 60,
): string {
  const cells = [fields, ...rows].map((row) => row.map((value) => clip(plain(formatValue(value)), maxWidth)));
  const widths = fields.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return lines.join("\n");
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner)) ?? ""
  );
}

/** A terminal obeys what it is shown: a stranger's text must not move its cursor, name its window or turn its letters round. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu, "\ufffd");

const clip = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
