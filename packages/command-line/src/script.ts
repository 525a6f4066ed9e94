import { type Command, flagCommand, runCommand } from './command.ts';
import { complete, type Flag, type FlagTable, rowsOf } from './flag.ts';

/** A script with flags and, where it takes them, words. */
export interface Script<V extends object> {
  /** How it is run: `npm run soak --`. */
  readonly runs: string;
  readonly about: string;
  readonly flags: FlagTable<V>;
  /** How its words are explained: `[SIZE...]`; '' takes none. */
  readonly words: string;
}

/** What was written. */
export interface ScriptLine<V> {
  readonly flags: V;
  readonly words: readonly string[];
}

const BAD_USE = 2;

/** What this process was started with. Bad use ends it with exit code 2, a question for help with 0. */
export async function readCommandLine<V extends object>(script: Script<V>): Promise<ScriptLine<V>> {
  const lines: ScriptLine<V>[] = [];
  const command: Command = flagCommand({
    name: script.runs,
    about: script.about,
    flags: script.flags,
    workingDirectory: process.cwd(),
    run: (given) => {
      lines.push({ flags: complete(script.flags, given), words: command.args });
      return Promise.resolve();
    },
  });
  if (script.words !== '') command.argument(script.words);
  const style = { prefix: nameOf(script), hint: usageOf(script), printError };
  const ending = await runCommand(command, process.argv.slice(2), style);
  const [line] = lines;
  return line ?? process.exit(ending === 'shown' ? 0 : BAD_USE);
}

/** Ends the script for what shows only later that it cannot work with. */
export function refuse<V extends object>(script: Script<V>, problem: string): never {
  printError(`${nameOf(script)}: ${problem}\n${usageOf(script)}\n`);
  process.exit(BAD_USE);
}

/** The last word of how it is run. */
function nameOf<V extends object>({ runs }: Script<V>): string {
  const words = runs.split(' ').filter((word) => word !== '--');
  return (words.at(-1) ?? runs).replace(/^.*\/|\.ts$/g, '');
}

function usageOf<V extends object>({ runs, words, flags }: Script<V>): string {
  const rows = rowsOf(flags).map(([, flag]) => usageOfFlag(flag));
  return ['usage:', runs, words, ...rows].filter((part) => part !== '').join(' ');
}

function usageOfFlag(flag: Flag<unknown>): string {
  return 'isRequired' in flag ? flag.typed : `[${flag.typed}]`;
}

function printError(text: string): void {
  process.stderr.write(text);
}
