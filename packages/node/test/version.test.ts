import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { clientVersion, VERSION } from '../src/version.ts';

test('the version is that of the root package', () => {
  const root: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(root).toMatchObject({ version: VERSION });
});

test('only a devnet looks like one to the tools that ask', () => {
  expect(clientVersion(true)).toBe(`anvil/heddle-v${VERSION}`);
  expect(clientVersion(false)).toBe(`Heddle/v${VERSION}`);
});
