import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '@heddle/files';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DATA_VERSION } from '../src/data-dir/layout.ts';
import { type DataDirectory, openDataDirectory } from '../src/data-dir/open-data-dir.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS } from '../src/flags/devnet-flags.ts';
import { fakeNode } from './support/fake-node.ts';

let parent = '';
let directory = '';
const open: DataDirectory[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'heddle-data-'));
  directory = join(parent, 'data');
});

afterEach(() => {
  for (const held of open.splice(0)) held.release();
  rmSync(parent, { recursive: true, force: true });
});

function start(given: Partial<ChainFlags> = {}, reset = false): DataDirectory {
  const opened = openDataDirectory({
    directory,
    given,
    reset,
    fixesGenesis: false,
    createGenesis: (flags) =>
      fakeNode().node.createDevnetGenesis({
        chainId: BigInt(flags.chainId),
        shardCount: flags.shards,
        validatorCount: flags.validators,
        accounts: [],
        balanceWei: flags.balanceWei,
        blockTimeMs: flags.blockTimeMs,
        timestamp: BigInt(timestamp),
      }).genesis,
  });
  open.push(opened);
  return opened;
}

let timestamp = 1_700_000_000;

function stopAll(): void {
  for (const held of open.splice(0)) held.release();
}

function refusal(given: Partial<ChainFlags> = {}, reset = false): string {
  try {
    start(given, reset);
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      expect(error).toMatchObject({ code: 'DATA_DIRECTORY', exitCode: 4 });
      return error.message;
    }
    throw error;
  }
  return 'opened';
}

describe('the chain of a data directory', () => {
  test('is fixed at the first start and found again, by another clock', () => {
    const first = start({ shards: 4, mnemonic: 'some other words' });
    expect(first.continued).toBe(false);
    expect(first.flags).toEqual({ ...DEFAULT_CHAIN_FLAGS, shards: 4, mnemonic: 'some other words' });
    writeFileSync(join(first.chainDir, 'block'), '1');
    stopAll();
    timestamp += 100;
    const second = start();
    expect(second).toMatchObject({ continued: true, flags: first.flags, genesis: first.genesis });
    expect(readdirSync(second.chainDir)).toEqual(['block']);
    stopAll();
    start({ shards: 4, accounts: 10 });
  });

  test('a flag that contradicts it names --reset and changes nothing', () => {
    start({ shards: 4 });
    stopAll();
    const before = readFileSync(join(directory, 'genesis.json'), 'utf8');
    const message = refusal({ shards: 2, balanceWei: 0n, mnemonic: 'mine' });
    expect(message).toContain('--shards 4, not 2');
    expect(message).toContain('--balance 10,000, not 0');
    expect(message).toContain('--mnemonic (default), not (another)');
    expect(message).toContain('--reset');
    expect(message).not.toContain('mine');
    expect(readFileSync(join(directory, 'genesis.json'), 'utf8')).toBe(before);
    expect(existsSync(join(directory, 'LOCK'))).toBe(false);
  });

  test('--reset removes what Heddle made and nothing else', () => {
    const { chainDir } = start({ shards: 4 });
    writeFileSync(join(chainDir, 'block'), '1');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    stopAll();
    const anew = start({ shards: 2 }, true);
    expect(anew.flags.shards).toBe(2);
    expect(readdirSync(anew.chainDir)).toEqual([]);
    expect(readFileSync(join(directory, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('a genesis that is missing beside blocks is refused, and nothing is changed', () => {
    const first = start();
    mkdirSync(join(first.chainDir, 'validator-0', 'chain'), { recursive: true });
    first.markBlocks();
    stopAll();
    rmSync(join(directory, 'genesis.json'));
    expect(refusal()).toMatch(/genesis\.json is missing beside a chain that has blocks: put it back.*--reset/);
    expect(readdirSync(first.chainDir)).toEqual(['validator-0']);
    const anew = start({}, true);
    expect(anew).toMatchObject({ continued: false, hasBlocks: false });
    stopAll();
    expect(start()).toMatchObject({ continued: true, hasBlocks: false });
  });

  test('databases that are all missing from a chain with blocks are refused; one is enough', () => {
    const first = start();
    first.markBlocks();
    const databases = [0, 1].map((index) => join(first.chainDir, `validator-${index}`, 'chain'));
    for (const database of databases) mkdirSync(database, { recursive: true });
    stopAll();
    rmSync(join(first.chainDir, 'validator-0'), { recursive: true });
    expect(start()).toMatchObject({ continued: true, hasBlocks: true });
    stopAll();
    rmSync(join(first.chainDir, 'validator-1', 'chain'), { recursive: true });
    expect(refusal()).toMatch(/databases of all validators are missing.*--reset/);
    rmSync(first.chainDir, { recursive: true });
    expect(refusal()).toMatch(/databases of all validators are missing/);
  });

  test('what is missing before the first block is made again: a start was interrupted', () => {
    const { chainDir } = start();
    writeFileSync(join(chainDir, 'block'), '1');
    rmSync(join(directory, 'genesis.json'));
    stopAll();
    expect(readdirSync(start().chainDir)).toEqual([]);
  });

  test('that vanishes while it is used is noticed: the folder, its lock, or what no validator can do without', () => {
    const held = start({ validators: 1 });
    const signer = join(held.chainDir, 'validator-0', 'signer');
    const make = (): void => {
      mkdirSync(signer, { recursive: true });
      writeFileSync(join(signer, 'records.log'), '');
    };
    make();
    expect(held.missing()).toBeNull();
    rmSync(signer, { recursive: true });
    expect(held.missing()).toBe(join(signer, 'records.log'));
    make();
    writeFileSync(join(directory, 'LOCK'), 'of another');
    expect(held.missing()).toBe(join(directory, 'LOCK'));
    rmSync(directory, { recursive: true });
    expect(held.missing()).toBe(join(directory, 'LOCK'));
  });
});

describe('a folder that is not a devnet', () => {
  test.each([false, true])("with other people's files stays as it is (reset: %s)", (reset) => {
    mkdirSync(join(directory, 'chain'), { recursive: true });
    writeFileSync(join(directory, 'genesis.json'), '{}');
    expect(refusal({}, reset)).toMatch(/heddle-devnet\.json is missing.*--reset would not help/);
    expect(readdirSync(directory).sort()).toEqual(['chain', 'genesis.json']);
  });

  test('an empty one is taken', () => {
    mkdirSync(directory);
    expect(start().continued).toBe(false);
  });

  test('a file is refused', () => {
    writeFileSync(directory, 'text');
    expect(refusal()).toContain('this is a file');
  });

  test('a marker of something else is refused', () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'heddle-devnet.json'), '{"kind":"other"}');
    expect(refusal({}, true)).toContain('was not written by Heddle');
  });

  test('another version is refused, and --reset takes it', () => {
    start();
    stopAll();
    const marker = join(directory, 'heddle-devnet.json');
    const text = readFileSync(marker, 'utf8');
    writeFileSync(marker, text.replace(`"version": ${DATA_VERSION}`, '"version": 99'));
    expect(refusal()).toMatch(
      /another version of Heddle \(data version 99, this one reads \d+\): go on with the Heddle/,
    );
    writeFileSync(marker, text.replace(`"version": ${DATA_VERSION}`, '"version": 1'));
    expect(refusal()).toMatch(/written by an older Heddle \(data version 1,.*--reset starts a new chain in it/);
    expect(start({}, true).continued).toBe(false);
  });

  test('a damaged genesis is refused', () => {
    start();
    stopAll();
    writeFileSync(join(directory, 'genesis.json'), '{"config":{}}');
    expect(refusal()).toMatch(/genesis\.json cannot be used .*--reset/);
  });
});

describe('a second process', () => {
  test('is refused while the first one runs, and takes over when it was killed', async () => {
    start();
    stopAll();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const { pid = 0 } = other;
    writeFileSync(join(directory, 'LOCK'), JSON.stringify(identityOf(pid)));
    expect(refusal()).toContain(`in use by process ${pid}`);
    expect(refusal({}, true)).toContain(`in use by process ${pid}`);
    // The same number, but another process.
    writeFileSync(join(directory, 'LOCK'), JSON.stringify({ pid, startedAt: 'long ago' }));
    start();
    stopAll();
    writeFileSync(join(directory, 'LOCK'), JSON.stringify(identityOf(pid)));
    await new Promise((resolve) => {
      other.once('exit', resolve);
      other.kill('SIGKILL');
    });
    start();
  });

  test('a torn lock is taken over', () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'LOCK'), '{"pid":');
    start();
  });
});
