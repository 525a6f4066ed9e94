import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeRows } from '@heddle/command-line';
import { expect, test } from '@jest/globals';
import { ADDRESS_FLAGS, AddressError, ClockError, EXIT_CODES, type ExitCode, KeyActiveError } from '../src/errors.ts';
import { VALIDATOR_SETTINGS } from '../src/flags/validator-flags.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'operate.md'), 'utf8');

test('docs/operate.md has a row for each setting, as its table says', () => {
  const rows = readmeRows(VALIDATOR_SETTINGS);
  expect(page).toContain(`| setting | default | |\n|---|---|---|\n${rows.join('\n')}\n`);
});

test('docs/operate.md has a row for each exit code, and no others', () => {
  const [, table = ''] = /\| code \| what .*\n\|---\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
  const codes = table
    .trim()
    .split('\n')
    .map((row) => Number(/^\| (\d+) /.exec(row)?.[1]));
  expect(codes).toEqual(Object.values(EXIT_CODES).sort((a, b) => a - b));
});

const FAILURE_CODES: readonly (readonly [string, ExitCode | null, Error | null])[] = [
  ['second start on the same data directory', EXIT_CODES.dataDirectory, null],
  ['wrong password', EXIT_CODES.keys, null],
  ['keystore of another network', EXIT_CODES.keys, null],
  ['changed genesis', EXIT_CODES.genesis, null],
  ['corrupt database', EXIT_CODES.dataDirectory, null],
  ['full disk', EXIT_CODES.dataDirectory, null],
  ['clock 10 minutes off', EXIT_CODES.clock, new ClockError('')],
  ['port in use', EXIT_CODES.address, new AddressError('h', 1, 'EADDRINUSE', ADDRESS_FLAGS)],
  ['key already active elsewhere', EXIT_CODES.keyActive, new KeyActiveError('')],
  ['unreachable bootnodes', null, null],
];

test('the table of failures in docs/operate.md has the codes and the words of the code', () => {
  const [, table = ''] = /\| what \| code \| message \|\n\|---\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()));
  expect(rows.map(([, what, code]) => [what, code])).toEqual(
    FAILURE_CODES.map(([what, code]) => [what, code === null ? 'none' : String(code)]),
  );
  for (const [index, [, , error]] of FAILURE_CODES.entries()) {
    const [, words = ''] = /`([^`]+)`/.exec(rows[index]?.[3] ?? '') ?? [];
    if (error !== null) expect(error.message).toContain(words);
  }
});
