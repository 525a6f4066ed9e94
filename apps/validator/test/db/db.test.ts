import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex, keccak256 } from '@heddle/primitives';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dbActions } from '../../src/db/db-actions.ts';
import type { DbActions } from '../../src/flags/db-commands.ts';
import { makeSmallChain } from '../support/small-chain.ts';

const LONG_MS = 240_000;
const BLOCKS = 8;
let directory = '';
let home = '';
let said: string[] = [];
let progress: string[] = [];
const at = (...names: readonly string[]): string => join(directory, ...names);

function actions(isTerminal = false): DbActions {
  said = [];
  progress = [];
  let nowMs = 0;
  return dbActions({
    print: (text) => said.push(text),
    printError: (text) => progress.push(text),
    isTerminal,
    monotonicMs: () => {
      nowMs += 150;
      return nowMs;
    },
  });
}

/** What lies in a folder, by name. */
function contents(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path, bytesToHex(keccak256(new Uint8Array(readFileSync(path))))]),
  );
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-db-'));
  home = await makeSmallChain(directory, BLOCKS, 2);
}, LONG_MS);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('info says what is there, and changes nothing', async () => {
  const before = contents(home);
  await actions().info({ dataDir: home, json: true });
  const info: unknown = JSON.parse(said.join(''));
  expect(info).toMatchObject({
    format: 6,
    shards: 2,
    oldestState: 0,
    isPruned: true,
    genesisHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    finalized: { epoch: 0 },
    bytes: { chain: expect.any(Number), signer: expect.any(Number) },
  });
  expect(info).toHaveProperty('height', expect.any(Number));
  await actions().info({ dataDir: home, json: false });
  expect(said.join('')).toMatch(/^format +6 .*\ngenesis +0x.*\nshards +2\nhead +block \d+, 0x/);
  expect(contents(home)).toEqual(before);
});

test('verify finds a chain sound, says how far it is on a terminal alone, and changes nothing', async () => {
  const before = contents(home);
  expect(await actions(true).verify({ dataDir: home, json: true })).toBe(true);
  const found: unknown = JSON.parse(said.join(''));
  expect(found).toMatchObject({ isSound: true, damages: [], counts: { transactions: BLOCKS } });
  expect(progress.join('')).toMatch(/blocks: \d+ of \d+/);
  expect(await actions().verify({ dataDir: home, json: false })).toBe(true);
  expect(said.join('')).toMatch(/^sound: \d+ blocks/);
  expect(progress).toEqual([]);
  expect(contents(home)).toEqual(before);
});

test('damage is named, with the way out, and is false', async () => {
  const damaged = at('damaged');
  cpSync(home, damaged, { recursive: true });
  const chain = join(damaged, 'data', 'chain');
  const [name = ''] = readdirSync(chain).filter((file) => /^MANIFEST/.test(file));
  const bytes = readFileSync(join(chain, name));
  bytes.writeUInt8(bytes.readUInt8(20) ^ 0xff, 20);
  writeFileSync(join(chain, name), bytes);
  expect(await actions().verify({ dataDir: damaged, json: false })).toBe(false);
  expect(said.join('')).toMatch(/^DAMAGED {2}files .*\n.*Remove the folder data\/chain/);
  expect(await actions().verify({ dataDir: damaged, json: true })).toBe(false);
  expect(JSON.parse(said.join(''))).toMatchObject({ isSound: false, damageCount: 1, chain: null });
  await expect(actions().info({ dataDir: damaged, json: false })).rejects.toMatchObject({ exitCode: 4 });
});

test('what is no folder of a node, or in use, is refused', async () => {
  await expect(actions().info({ dataDir: at('nowhere'), json: false })).rejects.toMatchObject({ exitCode: 4 });
  const lock = join(home, 'LOCK');
  writeFileSync(lock, JSON.stringify({ pid: process.ppid, startedAt: null }));
  await expect(actions().verify({ dataDir: home, json: false })).rejects.toMatchObject({ exitCode: 4 });
  rmSync(lock);
});
