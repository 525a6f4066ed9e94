import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import {
  completionScript,
  type FlagTable,
  flagCommand,
  given,
  groupCommand,
  hiddenCommand,
  path,
} from '../src/index.ts';

const FLAGS: FlagTable<{ file: string | null; json: boolean }> = {
  file: { typed: '--file <F>', help: "the operator's file", kind: path, usual: null },
  json: { typed: '--json', help: 'one line of JSON', kind: given, usual: false },
};
const command = (name: string): ReturnType<typeof flagCommand> =>
  flagCommand({ name, about: `does ${name}`, flags: FLAGS, workingDirectory: '/', run: () => Promise.resolve() });

const PROGRAM = groupCommand('prog', 'a program', [
  command('status'),
  groupCommand('keys', 'keys', [command('new'), command('list')]),
  hiddenCommand('inner', 'word', () => undefined),
]);

/** What bash offers behind these words; the last is the one that is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const line = ['prog', ...words];
  const script = `${completionScript(PROGRAM, 'bash')}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length - 1}
_prog; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname });
  return output.split('\n').filter((word) => word !== '');
}

test('bash offers commands, then their flags, and files as values', () => {
  expect(offered('')).toEqual(expect.arrayContaining(['status', 'keys']));
  expect(offered('')).not.toContain('inner');
  expect(offered('st')).toEqual(['status']);
  expect(offered('keys', '')).toEqual(expect.arrayContaining(['new', 'list']));
  expect(offered('keys', '')).not.toContain('status');
  expect(offered('keys', 'new', '--f')).toEqual(['--file']);
  expect(offered('status', '--json', '--f')).toEqual(['--file']);
  expect(offered('status', '--file', 'completion')).toEqual(['completion.test.ts']);
  expect(offered('nonsense', '')).toEqual([]);
});

test('zsh gets the same over its own bridge, and fish a line for each word, quoted', () => {
  expect(completionScript(PROGRAM, 'zsh')).toContain(completionScript(PROGRAM, 'bash'));
  const fish = completionScript(PROGRAM, 'fish');
  expect(fish).toContain(`complete -c prog -n '__prog_at ""' -f -a status -d 'does status'`);
  expect(fish).toContain(`complete -c prog -n '__prog_at "keys new"' -l file -r -d 'the operator\\'s file'`);
  expect(fish).not.toContain('inner');
});
