import { describe, expect, test } from '@jest/globals';
import {
  type Command,
  complete,
  type FlagTable,
  flagCommand,
  given,
  groupCommand,
  hiddenCommand,
  list,
  oneOf,
  only,
  path,
  readmeRows,
  runCommand,
  several,
  text,
  usualValues,
  wholeNumber,
} from '../src/index.ts';

interface Flags {
  readonly port: number;
  readonly dataDir: string | null;
  readonly json: boolean;
  readonly level: 'low' | 'high';
  readonly match: readonly string[];
  readonly sizes: readonly number[];
}

const FLAGS: FlagTable<Flags> = {
  port: { typed: '--port <P>', help: 'where to listen', more: ', 0 … 9', kind: wholeNumber(0, 9), usual: 8 },
  dataDir: { typed: '--data-dir <DIR>', help: 'where to write', kind: path, usual: null, shown: 'in memory' },
  json: { typed: '--json', help: 'print JSON', kind: given, usual: false },
  level: { typed: '--log-level <L>', help: 'how loud', kind: oneOf(['low', 'high'], 'mixed'), usual: 'low' },
  match: { typed: '--match <TEXT>', help: 'what', kind: several(text), usual: [''], shown: 'all' },
  sizes: { typed: '--sizes <LIST>', help: 'how many', kind: list(wholeNumber(1, 9)), usual: [1, 2] },
};

/** What the words are read as, or what was said about them and how it ended. */
async function read(...words: readonly string[]): Promise<unknown> {
  const seen: unknown[] = [];
  let errors = '';
  const command = flagCommand({
    name: 'serve',
    about: 'Serves',
    flags: FLAGS,
    workingDirectory: '/here',
    run: async (flags, refuse) => {
      if (flags.port === 7) refuse('seven is taken');
      seen.push(flags);
    },
  });
  const printError = (line: string): void => {
    errors += line;
  };
  const ending = await runCommand(command, words, { prefix: 'serve', hint: '', printError });
  return ending === 'ran' ? seen[0] : `${ending}: ${errors.trimEnd()}`;
}

describe('a table of flags', () => {
  test('only what is written is given; the rest has its usual value', async () => {
    expect(await read()).toEqual({});
    expect(await read('--port', '0', '--json')).toEqual({ port: 0, json: true });
    const values = { port: 8, dataDir: null, json: false, level: 'low', match: [''], sizes: [1, 2] };
    expect(usualValues(FLAGS)).toEqual(values);
    expect(complete(FLAGS, { port: 0, of: 'another table' })).toEqual({ ...values, port: 0 });
    expect(only(FLAGS, { port: 0, of: 'another table' })).toEqual({ port: 0 });
  });

  test('values are read by their kinds', async () => {
    const words = '--data-dir d --log-level high --match a --match b --sizes 3,4';
    const values = { dataDir: '/here/d', level: 'high', match: ['a', 'b'], sizes: [3, 4] };
    expect(await read(...words.split(' '))).toEqual(values);
  });

  test.each([
    ['--port 10', "serve: option '--port <P>' argument '10' is invalid. Give a whole number from 0 to 9."],
    ['--port -1', "serve: option '--port <P>' argument '-1' is invalid. Give a whole number from 0 to 9."],
    ['--port', "serve: option '--port <P>' argument missing"],
    ['--log-level loud', "serve: option '--log-level <L>' argument 'loud' is invalid. Give one of low, high, mixed."],
    ['--datadir d', "serve: unknown option '--datadir'\n(Did you mean --data-dir?)"],
    ['--port 7', 'serve: seven is taken'],
    ['more', 'serve: too many arguments. Expected 0 arguments but got 1.'],
  ])('%s is refused', async (words, message) => {
    expect(await read(...words.split(' '))).toBe(`bad use: ${message}`);
  });

  test('a required flag without its value does not pass for complete', async () => {
    const flags: FlagTable<{ readonly file: string }> = {
      file: { typed: '--file <F>', help: 'what to read', kind: path, isRequired: true },
    };
    expect(() => usualValues(flags)).toThrow('every required flag has a value');
  });

  test('rows of a README', () => {
    expect(readmeRows(FLAGS).slice(0, 3)).toEqual([
      '| `--port P` | 8 | where to listen, 0 … 9 |',
      '| `--data-dir DIR` | in memory | where to write |',
      '| `--json` | | print JSON |',
    ]);
  });
});

test('a group runs its usual command, and hidden ones by name', async () => {
  const ran: string[] = [];
  const leaf = (name: string): Command =>
    flagCommand({ name, about: '', flags: {}, workingDirectory: '/', run: async () => void ran.push(name) });
  const group = (): Command =>
    groupCommand('all', '', [
      { usual: leaf('one') },
      leaf('two'),
      hiddenCommand('three', 'word', (word) => void ran.push(word)),
    ]);
  const style = { prefix: 'all', hint: '', printError: () => {} };
  for (const words of [[], ['two'], ['three', 'four']]) expect(await runCommand(group(), words, style)).toBe('ran');
  expect(ran).toEqual(['one', 'two', 'four']);
});
