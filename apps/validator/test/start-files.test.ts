import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { usualValues } from '@heddle/command-line';
import { PREDEPLOYS } from '@heddle/contracts';
import * as node from '@heddle/node';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openChain } from '../src/devnet/open-chain.ts';
import { type ChainFlags, DEFAULT_CHAIN_FLAGS, type DevnetFlags, RUN_FLAGS } from '../src/flags/devnet-flags.ts';
import { START_FLAGS, type StartFlags } from '../src/flags/start-flags.ts';
import { checkOutputFiles } from '../src/start/output-files.ts';
import { decodeStateFile, encodeStateFile } from '../src/start/state-file.ts';

const WALL_MS = 1_700_000_000_999;
const CONTRACT = '0x00000000000000000000000000000000000000aa';
const ACCOUNT = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const FILE = {
  config: { chainId: 1337, londonBlock: 0 },
  timestamp: '0x64',
  gasLimit: '0x1c9c380',
  baseFeePerGas: 7,
  difficulty: '0x0',
  alloc: { [CONTRACT.slice(2)]: { balance: '5', code: '0x00', storage: { '0x1': '0x2' } } },
};

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-start-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: object | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

function open(
  start: Partial<StartFlags>,
  given: Partial<ChainFlags> = {},
  run: Partial<DevnetFlags['run']> = {},
): ReturnType<typeof openChain> {
  const flags = {
    given,
    start: { ...usualValues(START_FLAGS), ...start },
    run: { ...usualValues(RUN_FLAGS), ...run },
  };
  return openChain(flags, node, WALL_MS);
}

describe('--init', () => {
  test('gives chain ID, time, fee, limit and accounts beside those of the devnet', () => {
    const { genesis, flags } = open({ init: file('g.json', FILE) }, { shards: 4 });
    expect(flags).toMatchObject({ chainId: 1337, baseFeeWei: 7n, gasLimit: 30_000_000, shards: 4 });
    expect(genesis).toMatchObject({
      chainId: 1337n,
      timestamp: 100n,
      baseFeePerGas: 7n,
      chunkGasLimit: 30_000_000n,
      globalGasLimit: 30_000_000n,
      shardCount: 4,
    });
    expect(genesis.alloc.get(CONTRACT)).toMatchObject({ balance: 5n, storage: new Map([[1n, 2n]]) });
    expect(genesis.alloc.get(ACCOUNT)?.balance).toBe(DEFAULT_CHAIN_FLAGS.balanceWei);
    for (const { address } of PREDEPLOYS) expect(genesis.alloc.has(address)).toBe(true);
  });

  test('is overruled by flags, and for a named account overrules --balance', () => {
    const init = file('g.json', { ...FILE, alloc: { [ACCOUNT]: { balance: '0x1' } } });
    const { genesis } = open({ init, timestamp: 9n }, { chainId: 5, baseFeeWei: 8n, gasLimit: 20_000_000 });
    expect(genesis).toMatchObject({ chainId: 5n, timestamp: 9n, baseFeePerGas: 8n, chunkGasLimit: 20_000_000n });
    expect(genesis.alloc.get(ACCOUNT)?.balance).toBe(1n);
  });

  test('leaves contracts of the devnet as they are', () => {
    const [first] = PREDEPLOYS;
    if (first === undefined) throw new Error('there are some');
    const own = { balance: '0x0', nonce: 0, code: first.code, storage: { '0x1': '0x2' } };
    const { genesis } = open({ init: file('g.json', { ...FILE, alloc: { [first.address]: own } }) });
    expect(genesis.alloc.get(first.address)?.storage.size).toBe(0);
    const other = file('h.json', { ...FILE, alloc: { [first.address]: { balance: '0x0', code: '0x00' } } });
    expect(() => open({ init: other })).toThrow(/alloc\.0x.*a contract of the devnet itself stands there/);
  });

  test.each([
    [{ ...FILE, gasLimit: '0xfffffffff' }, /gasLimit: .* is above 80000000/],
    [{ ...FILE, config: { heddle: {} } }, /config\.heddle: a devnet has validators and shards of its own/],
    [{ ...FILE, allocs: {} }, /allocs: unknown key; did you mean alloc/],
    [{ ...FILE, alloc: { '0x12': {} } }, /alloc\.0x12: an address of 40/],
    [{ ...FILE, alloc: { [CONTRACT]: { balance: `0x${'f'.repeat(64)}` } } }, /all balances together/],
    [[], /no JSON object/],
  ])('%j is refused with flag, file and key', (content, message) => {
    const init = file('g.json', content);
    expect(() => open({ init })).toThrow(message);
    expect(() => open({ init })).toThrow(`--init: ${init}: `);
  });

  test('a file that is not there is refused', () => {
    expect(() => open({ init: join(folder, 'none') })).toThrow(/--init: .*none cannot be read/);
  });

  test('a data directory goes on with the same file only', () => {
    const init = file('g.json', FILE);
    const dataDir = join(folder, 'data');
    const start = (begin: Partial<StartFlags>): void => open(begin, {}, { dataDir }).dataDirectory?.release();
    start({ init });
    start({ init });
    start({});
    const changed = file('h.json', { ...FILE, alloc: {} });
    expect(() => start({ init: changed })).toThrow(/its chain began with another genesis than --init/);
    expect(() => start({ timestamp: 1n })).toThrow(/another genesis than .*--timestamp/);
    expect(() => start({ init: file('i.json', { ...FILE, baseFeePerGas: 8 }) })).toThrow(/--block-base-fee 7, not 8/);
  });
});

describe('--load-state', () => {
  const dump = {
    block: { number: '0x9', timestamp: '0x77', basefee: 12, gas_limit: 30_000_000 },
    accounts: { [CONTRACT]: { nonce: 1, balance: '0x3', code: '0x6001', storage: { '0x0': '0x1' } } },
    best_block_number: 9,
    blocks: [],
  };

  test("takes the accounts of anvil's dump, also as anvil_dumpState packs it", () => {
    for (const content of [dump, gzipSync(JSON.stringify(dump))]) {
      const { genesis, image } = open({ loadState: file('dump', content) });
      expect(image).toBeNull();
      expect(genesis).toMatchObject({ timestamp: 0x77n, baseFeePerGas: 12n });
      expect(genesis.alloc.get(CONTRACT)).toMatchObject({ nonce: 1n, balance: 3n, storage: new Map([[0n, 1n]]) });
    }
  });

  test('goes on with the chain of its own file, whose flags hold', () => {
    const { flags, genesis } = open({}, { shards: 4, baseFeeWei: 3n });
    const image = new Uint8Array([10, 0, 10]);
    const loadState = file('own', encodeStateFile({ flags, genesis, image }));
    const loaded = open({ loadState });
    expect(loaded).toMatchObject({ flags, genesis });
    expect([...(loaded.image ?? [])]).toEqual([10, 0, 10]);
    expect(() => open({ loadState }, { shards: 2 })).toThrow(
      /--load-state: the chain in it was made with --shards 4, not 2/,
    );
    expect(() => open({ loadState }, {}, { dataDir: join(folder, 'd') })).toThrow(/leave out --data-dir/);
  });

  test('refuses anything else', () => {
    expect(() => open({ loadState: file('x', { accounts: 1 }) })).toThrow(/neither a state of Heddle's nor a dump/);
    const { flags, genesis } = open({});
    const whole = encodeStateFile({ flags, genesis, image: new Uint8Array(1) });
    const text = new TextDecoder().decode(whole);
    const read = (from: string, to: string): unknown =>
      decodeStateFile({ flag: '--state', path: 'f' }, new TextEncoder().encode(text.replace(from, to)));
    expect(() => read('"version":1', '"version":2')).toThrow(/it is of version 2/);
    expect(() => read('"shards":2', '"shards":"2"')).toThrow(/damaged/);
    expect(() => read('"epochLength"', '"epochLengths"')).toThrow(/unknown key/);
    expect(read(text.slice(0, 20), '')).toBeNull();
  });
});

test('--state begins anew where there is no file yet', () => {
  expect(open({ state: join(folder, 'none') }).image).toBeNull();
});

test('what cannot be written is refused before the start', () => {
  const start = usualValues(START_FLAGS);
  mkdirSync(join(folder, 'sub'));
  expect(() => checkOutputFiles({ ...start, dumpState: join(folder, 'sub') })).toThrow(/--dump-state: .*is a folder/);
  expect(() => checkOutputFiles({ ...start, configOut: join(folder, 'no', 'c') })).toThrow(/--config-out: .*cannot be/);
  checkOutputFiles({ ...start, state: join(folder, 'new') });
  expect(statSync(folder).isDirectory() && readFileSync(file('a', {})).length).toBe(2);
});
