import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualValues } from '@heddle/command-line';
import { StorageError } from '@heddle/node';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runDevnet } from '../src/devnet/run-devnet.ts';
import type { ChainFlags, RunFlags } from '../src/flags/devnet-flags.ts';
import { START_FLAGS, type StartFlags } from '../src/flags/start-flags.ts';
import { reportOf } from './support/fake-activity.ts';
import { type FakeNode, fakeNode } from './support/fake-node.ts';

class DamagedLogError extends StorageError<object> {
  readonly code = 'JOURNAL_CORRUPT';
}

const RUN: RunFlags = {
  host: '127.0.0.1',
  port: 0,
  allowHost: [],
  cors: [],
  allowControl: false,
  lanes: 1,
  laneThresholdMicroseconds: null,
  cacheBytes: null,
  archive: false,
  logLevel: 'info',
  abi: null,
  quiet: false,
  silent: false,
  json: false,
  dataDir: null,
  reset: false,
};

let fake: FakeNode;
let output = '';
let errors = '';
let folder = '';
let isStopping = false;
let failures: unknown[] = [];
let ticks: (() => void)[] = [];

beforeEach(() => {
  fake = fakeNode();
  output = '';
  errors = '';
  isStopping = false;
  failures = [];
  ticks = [];
  folder = mkdtempSync(join(tmpdir(), 'heddle-run-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(
  options: Partial<RunFlags> = {},
  given: Partial<ChainFlags> = {},
  begin: Partial<StartFlags> = {},
): ReturnType<typeof runDevnet> {
  return runDevnet(
    { given, start: { ...usualValues(START_FLAGS), ...begin }, run: { ...RUN, ...options } },
    {
      version: '1.2.3',
      loadNode: () => Promise.resolve(fake.node),
      loadActors: () => Promise.reject(new Error('nobody is corrupted')),
      print: (text) => {
        output += text;
      },
      printError: (text) => {
        errors += text;
      },
      hasColours: () => false,
      unwrittenBytes: () => 0,
      wallMs: () => 1_700_000_000_999,
      monotonicMs: () => 0,
      after: () => () => {},
      isStopping: () => isStopping,
      every: (_ms, task) => {
        ticks.push(task);
        return () => {};
      },
      storageFailed: (error) => failures.push(error),
      dataVanished: (problem) => failures.push(problem),
    },
  );
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a start', () => {
  test('hands the node what the flags say', async () => {
    await run({ lanes: 3 }, { shards: 4, validators: 5, chainId: 99, blockTimeMs: 7, accounts: 2, balanceWei: 5n });
    const [options] = fake.started;
    expect(options).toMatchObject({ host: '127.0.0.1', port: 0, dataDir: null, lanes: 3 });
    expect(options?.genesis).toMatchObject({ chainId: 99n, shardCount: 4, blockTimeMs: 7, timestamp: 1_700_000_000n });
    expect(options?.genesis.alloc.get('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')?.balance).toBe(5n);
    expect([options?.validatorSecretKeys.length, options?.feeRecipients.length, options?.accounts.length]).toEqual([
      5, 5, 2,
    ]);
  });

  test('begins, and leaves its state behind, as the flags say', async () => {
    const dumpState = join(folder, 'state');
    const configOut = join(folder, 'config');
    const begin = { dumpState, configOut, intervalSeconds: 3, autoImpersonate: true };
    const devnet = await run({}, { gasLimit: 30_000_000 }, begin);
    expect(fake.started[0]?.beginning).toEqual({
      image: null,
      mining: { kind: 'interval', seconds: 3n },
      autoImpersonate: true,
    });
    expect(JSON.parse(readFileSync(configOut, 'utf8'))).toMatchObject({ gas_limit: '30000000' });
    expect(existsSync(dumpState)).toBe(false);
    await devnet.stop();
    expect(statSync(dumpState).mode & 0o777).toBe(0o600);
    await run({}, {}, { state: dumpState, noMining: true });
    const [first, second] = fake.started;
    expect([...(second?.beginning.image ?? [])]).toEqual([7, 8, 9]);
    expect(second?.beginning.mining).toEqual({ kind: 'manual' });
    expect(second?.genesis).toEqual(first?.genesis);
  });

  test('stops in order when its state cannot be dumped, and says so', async () => {
    const problem = new Error('too few validators run');
    fake = fakeNode({ dumpError: problem });
    const dumpState = join(folder, 'state');
    await expect((await run({}, {}, { dumpState })).stop()).rejects.toBe(problem);
    expect([fake.stops, existsSync(dumpState)]).toEqual([1, false]);
  });

  test('takes a failure of the disk to the process', async () => {
    await run();
    const failure = new Error('disk');
    fake.started[0]?.fatal(failure);
    expect(failures).toEqual([failure]);
  });

  test('notices that its data directory is gone, with the folder and what to do', async () => {
    const dataDir = join(folder, 'gone');
    await run({ dataDir });
    rmSync(dataDir, { recursive: true });
    for (const tick of ticks) tick();
    expect(failures).toEqual([expect.stringMatching(/gone: .*LOCK has been removed while it was in use.*Put it back/)]);
  });

  test('--json prints one line and only that', async () => {
    await run({ json: true, quiet: true }, { shards: 16, accounts: 1 });
    expect(output.endsWith('}\n')).toBe(true);
    const ready: unknown = JSON.parse(output);
    expect(ready).toMatchObject({
      urls: { http: 'http://127.0.0.1:40000', ws: 'ws://127.0.0.1:40000' },
      accounts: [
        {
          address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
          privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
          shard: 6,
        },
      ],
      pid: process.pid,
      chainId: 31337,
      shards: 16,
      validators: 4,
      emptyShards: [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      version: '1.2.3',
    });
  });

  test('the banner has accounts, keys, shards and endpoints', async () => {
    await run({}, { shards: 4, accounts: 2 });
    expect(output).toContain('4 validators, 4 shards, chain ID 31337, state in memory');
    expect(output).toContain('(0) 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266  shard 2   key 0xac0974bec39a');
    expect(output).toContain('Accounts, 10,000 ETH each');
    expect(output).toContain('Shards without any of these accounts: 1, 3');
    expect(output).toContain('HTTP       http://127.0.0.1:40000');
    expect(output).toContain('WebSocket  ws://127.0.0.1:40000');
  });

  test("a banner does not show somebody's own mnemonic, nor a thousand accounts", async () => {
    const mnemonic = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    await run({}, { mnemonic, accounts: 25 });
    expect(output).not.toContain('sausage');
    expect(output).toContain('and 5 more');
  });

  test('that was asked to stop meanwhile does not say that it is ready', async () => {
    isStopping = true;
    await (await run({ json: true })).stop();
    expect(output).toBe('');
    expect(fake.stops).toBe(1);
  });

  test('prints transactions behind the banner, on stderr where stdout is for the ready line, until it stops', async () => {
    const devnet = await run();
    fake.activity.execute(reportOf({}));
    await nextTurn();
    expect(output).toMatch(/Ctrl-C stops it\.\n\n#7 {2}0x12ab12ab… .*shard 1\n$/);
    await devnet.stop();
    expect(fake.activity.listeners).toBe(0);
    await run({ json: true, logLevel: 'debug' });
    fake.activity.execute(reportOf({}));
    await nextTurn();
    expect(errors).toContain(`#7  0x${'12ab'.repeat(16)}  `);
    expect(output.match(/#7/g)?.length).toBe(1);
  });

  test('--quiet and --silent print no transaction; --silent nothing at all, whatever the level', async () => {
    for (const flags of [{ quiet: true }, { silent: true, logLevel: 'debug', host: '0.0.0.0' }]) {
      await run(flags);
      fake.activity.execute(reportOf({ status: 0 }));
      await nextTurn();
      expect([output, errors]).toEqual(['', '']);
    }
    await run({ silent: true, json: true });
    expect(output.split('\n').length).toBe(2);
  });

  test('names methods by --abi', async () => {
    writeFileSync(join(folder, 'A.json'), JSON.stringify({ abi: [{ type: 'function', name: 'ping', inputs: [] }] }));
    await run({ abi: folder });
    fake.activity.execute(reportOf({ data: new Uint8Array([0x5c, 0x36, 0xb1, 0x86]) }));
    await nextTurn();
    expect(output).toContain('  ping()  ');
    expect(errors).toBe('');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await run({ abi: empty });
    expect(errors).toContain(`there is no ABI in ${empty} yet`);
  });

  test('--quiet prints nothing; a host that others reach is warned about', async () => {
    await run({ quiet: true, host: '0.0.0.0' });
    expect(output).toBe('');
    expect(errors).toContain('other machines');
  });
});

describe('what cannot start', () => {
  test('without the folder of --abi, before a data directory is made', async () => {
    const dataDir = join(folder, 'data');
    await expect(run({ abi: join(folder, 'out'), dataDir })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      facts: { flag: '--abi' },
    });
    expect(existsSync(dataDir)).toBe(false);
  });

  test('a port in use, before a data directory is made', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const dataDir = join(folder, 'data');
    await expect(run({ port, dataDir })).rejects.toMatchObject({
      code: 'ADDRESS',
      exitCode: 3,
      message: `port ${port} on 127.0.0.1 is in use by another program; stop that one, or choose with --port (0 takes a free one)`,
    });
    expect(existsSync(dataDir)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a foreign host, a wrong level, a wrong mnemonic', async () => {
    await expect(run({ host: '203.0.113.7' })).rejects.toMatchObject({ code: 'ADDRESS' });
    await expect(run({ logLevel: 'loud' })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      facts: { flag: '--log-level' },
    });
    await expect(run({}, { mnemonic: 'not words' })).rejects.toMatchObject({
      code: 'USAGE',
      facts: { flag: '--mnemonic' },
    });
    expect(fake.started).toEqual([]);
  });

  test("databases that cannot be used are the data directory's fault, and in memory nobody's", async () => {
    const dataDir = join(folder, 'data');
    const damaged = new DamagedLogError('records.log is damaged at byte 7', {});
    fake = fakeNode({ startError: damaged });
    await expect(run({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY',
      exitCode: 4,
      message: `data directory ${dataDir}: records.log is damaged at byte 7`,
    });
    await expect(run()).rejects.toBe(damaged);
  });

  test('a failed start gives the data directory back', async () => {
    const dataDir = join(folder, 'data');
    fake = fakeNode({ startError: Object.assign(new Error('taken'), { code: 'EADDRINUSE', syscall: 'listen' }) });
    await expect(run({ dataDir })).rejects.toMatchObject({ code: 'ADDRESS' });
    fake = fakeNode();
    const devnet = await run({ dataDir });
    expect(fake.started[0]?.dataDir).toBe(join(dataDir, 'chain'));
    expect(existsSync(join(dataDir, 'LOCK'))).toBe(true);
    await devnet.stop();
    expect(fake.stops).toBe(1);
    expect(existsSync(join(dataDir, 'LOCK'))).toBe(false);
  });
});
