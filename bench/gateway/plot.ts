export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly value: number;
}

const [width, left, barHeight, groupGap] = [760, 130, 18, 34];

/** Horizontal bars by group, with a line at 1, as SVG. */
export function plot(bars: readonly Bar[]): string {
  const most = Math.max(1.1, ...bars.map(({ value }) => value));
  const x = (value: number) => left + (value / most) * (width - left - 60);
  const shapes: string[] = [];
  let y = 0;
  for (const [group, own] of Map.groupBy(bars, (bar) => bar.group)) {
    y += groupGap;
    shapes.push(`<text x="8" y="${y - 8}" font-weight="bold">${escape(group)}</text>`);
    for (const { name, value } of own) {
      const fill = name === "daguerre" ? "#b5472f" : name === "floor" ? "#6b7280" : "#a9b4c2";
      shapes.push(
        `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escape(name)}</text>`,
        `<rect x="${left}" y="${y}" width="${(x(value) - left).toFixed(1)}" height="${barHeight - 3}" fill="${fill}"/>`,
        `<text x="${(x(value) + 6).toFixed(1)}" y="${y + 13}">${value.toFixed(2)}</text>`,
      );
      y += barHeight;
    }
  }
  const height = y + 16;
  const line = `<line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="10" y2="${y}" stroke="#111" stroke-dasharray="3 3"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#fff"/>
${[...shapes, line].join("\n")}
</svg>
`;
}

const escape = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
