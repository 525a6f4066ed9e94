import { shownUsual } from './command.ts';
import { type FlagTable, rowsOf } from './flag.ts';

/** The table as rows of a README's: flag, default, what it does. */
export function readmeRows<V extends object>(table: FlagTable<V>): readonly string[] {
  return rowsOf(table).map(([, flag]) => {
    const name = flag.typed.replaceAll(/[<>]/g, '');
    return `| \`${name}\` | ${shownUsual(flag)} | ${flag.help}${flag.more ?? ''} |`.replaceAll('  ', ' ');
  });
}
