import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { peerFile } from '../../src/validator/peer-file.ts';
import { temporaryDirectory } from '../support/each-storage.ts';

let directory = '';
let said: string[] = [];
const log = { warn: (message: string) => void said.push(message) };

beforeEach(async () => {
  directory = await temporaryDirectory();
  said = [];
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('what is known of peers comes back; a file that is not there is nothing to speak of', () => {
  const file = peerFile(join(directory, 'peers.json'), log);
  expect(file.read()).toBeNull();
  file.write('known');
  expect(peerFile(join(directory, 'peers.json'), log).read()).toBe('known');
  expect(said).toEqual([]);
});

test('a file that can not be read or written is one line of the log', () => {
  const path = join(directory, 'peers.json');
  mkdirSync(path);
  const file = peerFile(path, log);
  expect(file.read()).toBeNull();
  for (let i = 0; i < 3; i++) file.write('known');
  expect(said).toEqual(['what was known of peers can not be read, and is ignored']);
});

test('a file larger than any is not read', () => {
  const path = join(directory, 'peers.json');
  peerFile(path, log).write('x'.repeat(2 * 1024 * 1024));
  expect(peerFile(path, log).read()).toBeNull();
  expect(said).toHaveLength(1);
});
