import { readFile, writeFile } from "node:fs/promises";
import type { Figure, Report } from "./bench.ts";

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

const columns = ["bench", "figure", "measured", "aim", "reached"];

const rowOf = (bench: string, { what, measured, aim }: Figure): string[] => {
  const [words, wanted] = "atLeast" in aim ? ["at least", aim.atLeast] : ["at most", aim.atMost];
  const isReached = words === "at least" ? measured >= wanted : measured <= wanted;
  return [bench, what, measured.toFixed(2), `${words} ${wanted}`, isReached ? "yes" : "no"];
};

export const formatFigures = (rows: readonly (readonly string[])[]): string =>
  formatReport({ columns, rows, notes: [] });

/** Puts what a bench reached into the page's table of all figures, in place of what it had reached before; answers its rows. */
export async function writeFigures(
  page: string,
  bench: string,
  figures: readonly Figure[],
  isKept: boolean,
): Promise<string[][]> {
  const rows = figures.map((figure) => rowOf(bench, figure));
  if (!isKept || rows.length === 0) return rows;
  const section = /<!-- bench figures -->([^]*)<!-- end of bench figures -->/.exec(
    await readFile(page, "utf8"),
  );
  const others = (section?.[1] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.trim()),
    )
    .filter(([name]) => name !== bench);
  await writeSection(page, "figures", "All figures", formatFigures([...others, ...rows].sort(byBench)));
  return rows;
}

const byBench = ([one = ""]: readonly string[], [other = ""]: readonly string[]) => one.localeCompare(other);

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
