/** Rows as aligned columns of text, under the names of their fields. */
export function textTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? {}).filter(name => rows.some(row => row[name]));
  const lines = [names, ...rows.map(row => names.map(name => row[name] ?? ''))];
  const widths = names.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  return lines
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `  ${line}`)
    .join('\n');
}
