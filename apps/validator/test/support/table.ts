/** Lines of a table for people; the first is its head. The first column stands to the left, the others to the right. */
export function aligned(lines: readonly (readonly (string | number)[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => String(line[column] ?? '').length)),
  );
  const shown = (cell: string | number, column: number): string =>
    column === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[column] ?? 0);
  return lines.map((line) => `${line.map(shown).join('  ').trimEnd()}\n`).join('');
}
