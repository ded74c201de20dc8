import { readFile, writeFile } from "node:fs/promises";
import type { Report } from "./bench.ts";

/** A Markdown table whose columns are as wide as their widest cell, so that a terminal shows it as well. */
export function formatReport({ columns, rows, notes }: Report): string {
  const cells = [columns, columns.map(() => ""), ...rows].map((row) => row.map(String));
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row, number) =>
    number === 1
      ? `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`
      : `| ${widths.map((width, at) => (row[at] ?? "").padEnd(width)).join(" | ")} |`,
  );
  return [lines.join("\n"), ...notes].join("\n\n");
}

/** Puts a bench's section between its markers, or at the page's end where there are none yet. */
export async function writeSection(page: string, name: string, title: string, text: string): Promise<void> {
  const before = await readFile(page, "utf8");
  const [open, close] = [`<!-- bench ${name} -->`, `<!-- end of bench ${name} -->`];
  const from = before.indexOf(open);
  const to = before.indexOf(close);
  const section = `${open}\n\n${text}\n\n${close}`;
  await writeFile(
    page,
    from >= 0 && to > from
      ? before.slice(0, from) + section + before.slice(to + close.length)
      : `${before.trimEnd()}\n\n## ${title}\n\n${section}\n`,
  );
}
