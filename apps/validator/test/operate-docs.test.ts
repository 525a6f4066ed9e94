import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeRows } from '@heddle/command-line';
import { expect, test } from '@jest/globals';
import { EXIT_CODES } from '../src/errors.ts';
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
