import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/each-storage.ts';
import { type Ended, heddle } from '../support/heddle-process.ts';

let directory = '';
const keys = (...words: readonly string[]): Promise<Ended> => heddle(['keys', ...words], directory);

beforeAll(async () => {
  directory = await temporaryDirectory();
  writeFileSync(join(directory, 'good'), 'a good password\n', { mode: 0o600 });
  writeFileSync(join(directory, 'wrong'), 'a wrong password\n', { mode: 0o600 });
  writeFileSync(join(directory, 'exposed'), 'a good password\n', { mode: 0o644 });
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('a key is made, exported, imported elsewhere, and listed', async () => {
  const made = await keys('new', '--dir', 'a', '--json');
  expect(made).toMatchObject({ code: 0, errors: '' });
  const { publicKey }: { readonly publicKey: string } = JSON.parse(made.output);
  const exported = await keys('export', '--dir', 'a', '--password-file', 'good', '--file', 'key.json');
  expect(exported).toEqual({ code: 0, output: '', errors: '' });
  const refused = await keys('import', '--dir', 'b', '--keystore', 'key.json', '--password-file', 'wrong');
  expect(refused).toMatchObject({ code: 5, errors: expect.stringContaining('the password does not open it') });
  expect(refused.errors).not.toContain('a wrong password');
  const imported = await keys('import', '--dir', 'b', '--keystore', 'key.json', '--password-file', 'good');
  expect(imported).toMatchObject({ code: 0, output: expect.stringContaining(publicKey) });
  const listed = await keys('list', '--dir', 'b', '--json');
  expect(JSON.parse(listed.output)).toMatchObject({ keys: [{ publicKey, pid: null }], peerId: null });
  const password = readFileSync(join(directory, 'a', `${publicKey}.password`), 'utf8').trim();
  for (const { output, errors } of [made, exported, listed]) expect(output + errors).not.toContain(password);
});

test('what cannot be used is one message and exit code 5; what is typed wrong is 2', async () => {
  expect(await keys('new', '--dir', 'c', '--password-file', 'exposed')).toMatchObject({
    code: 5,
    output: '',
    errors: expect.stringMatching(/^heddle: keys: .*exposed.*chmod 600 .*\n$/),
  });
  expect(await keys('export', '--dir', 'nowhere', '--password-file', 'good')).toMatchObject({
    code: 5,
    errors: expect.stringContaining('no keystore'),
  });
  expect(await keys('export', '--dir', 'a', '--password-file', 'good', '--key', 'abc')).toMatchObject({ code: 2 });
  expect(await keys('new')).toMatchObject({ code: 2, errors: expect.stringContaining('--dir') });
});
