/** What a person reads line by line: names, and behind them their values in a column. */
export function rowsText(rows: readonly (readonly [name: string, value: string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}
