import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  pad,
  parseAbi,
  parseGwei,
  publicActions,
  type Transport,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import {
  type CompiledContract,
  compileContracts,
  type DevnetProcess,
  startDevnetProcess,
} from '../support/devnet-process.ts';
import { until } from '../support/until.ts';

const SOMEBODY: Hex = `0x${'5e'.repeat(20)}`;
/** EIP-2935. */
const HISTORY_STORAGE: Hex = '0x0000f90827f1c53a10cb7a02335b175320002935';
const TOKEN_ABI = parseAbi(['constructor(uint256 supply)', 'function balanceOf(address owner) view returns (uint256)']);

let compiled: Readonly<Record<string, CompiledContract>>;

beforeAll(async () => {
  compiled = await compileContracts();
});

const connect = (transport: Transport) =>
  createTestClient({ chain: foundry, mode: 'anvil', transport, cacheTime: 0 }).extend(publicActions);

describe.each([1, 2])('the test client of viem on %i shards', (shards) => {
  let devnet: DevnetProcess;
  let client: ReturnType<typeof connect>;

  beforeAll(async () => {
    devnet = await startDevnetProcess(['--shards', String(shards)]);
    client = connect(http(devnet.ready.urls.http));
  });

  afterAll(async () => {
    const log = devnet.log();
    await devnet.stop();
    expect(log).toBe('');
  });

  function sender(place: number): ReturnType<typeof privateKeyToAccount> {
    const account = devnet.ready.accounts[place];
    if (account === undefined) throw new Error('there are ten accounts');
    return privateKeyToAccount(account.privateKey);
  }

  function send(value: bigint): Promise<Hex> {
    const wallet = createWalletClient({ account: sender(0), chain: foundry, transport: http(devnet.ready.urls.http) });
    return wallet.sendTransaction({ to: SOMEBODY, value });
  }

  test('accounts', async () => {
    await client.setBalance({ address: SOMEBODY, value: 7n });
    await client.setCode({ address: SOMEBODY, bytecode: '0x6001' });
    await client.setNonce({ address: SOMEBODY, nonce: 9 });
    await client.setStorageAt({ address: SOMEBODY, index: 3, value: pad('0x05') });
    expect(await client.getBalance({ address: SOMEBODY })).toBe(7n);
    expect(await client.getCode({ address: SOMEBODY })).toBe('0x6001');
    expect(await client.getTransactionCount({ address: SOMEBODY })).toBe(9);
    expect(await client.getStorageAt({ address: SOMEBODY, slot: '0x3' })).toBe(pad('0x05'));
    const alone: Hex = `0x${'a1'.repeat(20)}`;
    await client.setStorageAt({ address: alone, index: 0, value: pad('0x06') });
    expect(await client.getStorageAt({ address: alone, slot: '0x0' })).toBe(pad('0x06'));
    // What Hardhat's helpers make of a word of zeros.
    await post(devnet, 'hardhat_setStorageAt', [alone, '0x', pad('0x07')]);
    expect(await client.getStorageAt({ address: alone, slot: '0x0' })).toBe(pad('0x07'));
  });

  test('a token is dealt', async () => {
    const wallet = createWalletClient({ account: sender(1), chain: foundry, transport: http(devnet.ready.urls.http) });
    const bytecode = compiled.Token?.bytecode ?? '0x';
    const hash = await wallet.deployContract({ abi: TOKEN_ABI, bytecode, args: [10n] });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    const token = contractAddress ?? '0x';
    await post(devnet, 'anvil_dealERC20', [SOMEBODY, token, '0x1234']);
    const balance = { address: token, abi: TOKEN_ABI, functionName: 'balanceOf', args: [SOMEBODY] } as const;
    expect(await client.readContract(balance)).toBe(0x1234n);
  });

  test('what the protocol owns is left alone', async () => {
    const answer = await post(devnet, 'anvil_setCode', [HISTORY_STORAGE, '0x00']);
    const message = expect.stringContaining('belongs to the protocol');
    expect(answer).toMatchObject({ error: { code: -32602, message } });
  });

  test('time', async () => {
    const { timestamp } = await client.getBlock();
    await client.increaseTime({ seconds: 1_000 });
    await client.mine({ blocks: 1 });
    const later = await client.getBlock();
    expect(later.timestamp - timestamp).toBeGreaterThanOrEqual(1_000n);
    await client.setNextBlockTimestamp({ timestamp: later.timestamp + 100n });
    await send(1n);
    expect((await client.getBlock()).timestamp).toBe(later.timestamp + 100n);
    await expect(client.setNextBlockTimestamp({ timestamp: later.timestamp })).rejects.toThrow(
      "is lower than previous block's timestamp",
    );
    await client.setBlockTimestampInterval({ interval: 7 });
    const before = await client.getBlock();
    await send(1n);
    await client.mine({ blocks: 2 });
    expect((await client.getBlock()).timestamp - before.timestamp).toBe(21n);
    await client.removeBlockTimestampInterval();
    // As Hardhat's helpers go to a time: the interval is one between blocks, not one before the first.
    await client.setNextBlockTimestamp({ timestamp: before.timestamp + 1_000n });
    await client.mine({ blocks: 2, interval: 1 });
    expect((await client.getBlock()).timestamp).toBe(before.timestamp + 1_001n);
  });

  test('exactly so many blocks, each told and answerable', async () => {
    const heads = await Heads.subscribe(devnet.ready.urls.ws);
    const filter = await client.createBlockFilter();
    const told = heads.numbers;
    const before = await client.getBlock();
    await client.mine({ blocks: 600, interval: 12 });
    const last = await client.getBlock();
    expect(last.number - before.number).toBe(600n);
    expect(last.timestamp - before.timestamp).toBeGreaterThanOrEqual(7_200n);
    const between = await client.getBlock({ blockNumber: before.number + 300n });
    expect(await client.getBlock({ blockHash: between.hash })).toEqual(between);
    const next = await client.getBlock({ blockNumber: before.number + 301n });
    expect(next).toMatchObject({ parentHash: between.hash, timestamp: between.timestamp + 12n });
    expect(await client.getFilterChanges({ filter })).toHaveLength(600);
    await until(async () => told.length === 600);
    expect(told.at(-1)).toBe(last.number);
    heads.close();
  });

  test('without automine transactions wait, and the next mined block takes them', async () => {
    await client.setAutomine(false);
    expect(await client.getAutomine()).toBe(false);
    const before = await client.getBlockNumber();
    const hash = await send(5n);
    expect(await client.getTxpoolStatus()).toMatchObject({ pending: 1 });
    expect(await client.getBlockNumber()).toBe(before);
    await client.mine({ blocks: 3 });
    expect(await client.getBlockNumber()).toBe(before + 3n);
    expect((await client.getTransactionReceipt({ hash })).blockNumber).toBe(before + 1n);
    const dropped = await send(6n);
    await client.dropTransaction({ hash: dropped });
    expect(await client.getTxpoolStatus()).toMatchObject({ pending: 0, queued: 0 });
    await client.setAutomine(true);
  });

  test('a block every second', async () => {
    await client.setIntervalMining({ interval: 1 });
    const before = await client.getBlockNumber();
    await until(async () => (await client.getBlockNumber()) >= before + 2n);
    await client.setIntervalMining({ interval: 0 });
    await client.setAutomine(true);
    expect(await client.getAutomine()).toBe(true);
  });

  test('blocks to come', async () => {
    await client.setCoinbase({ address: SOMEBODY });
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('2') });
    const hash = await send(1n);
    const { blockNumber } = await client.getTransactionReceipt({ hash });
    expect(await client.getBlock({ blockNumber })).toMatchObject({ miner: SOMEBODY, baseFeePerGas: parseGwei('2') });
    await client.setBlockGasLimit({ gasLimit: 22_000_000n });
    await client.mine({ blocks: 1 });
    expect((await client.getBlock()).gasLimit).toBe(22_000_000n);
    await expect(client.setBlockGasLimit({ gasLimit: 1n })).rejects.toThrow('a gas limit is');
    // From here on nobody whose balance is looked at gets tips.
    await client.setCoinbase({ address: `0x${'c0'.repeat(20)}` });
  });

  test('there and back, with a validator that is stopped', async () => {
    const before = await client.getBlock();
    const id = await client.snapshot();
    await client.setBalance({ address: SOMEBODY, value: 11n });
    const hash = await send(1n);
    await client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    await post(devnet, 'heddle_stopValidator', [1]);
    await client.mine({ blocks: 3 });
    await client.increaseTime({ seconds: 5_000_000 });
    await client.revert({ id });
    expect(await client.getBlock()).toEqual(before);
    await expect(client.getTransaction({ hash })).rejects.toThrow('could not be found');
    await post(devnet, 'heddle_startValidator', [1]);
    await client.mine({ blocks: 1 });
    const { parentHash, timestamp } = await client.getBlock();
    expect([parentHash, timestamp - before.timestamp < 5_000n]).toEqual([before.hash, true]);
    expect(await post(devnet, 'evm_revert', [id])).toMatchObject({ result: false });
  });

  test('who mines meanwhile has a chain before, or one after', async () => {
    const before = await client.getBlockNumber();
    const id = await client.snapshot();
    await client.mine({ blocks: 3 });
    await Promise.all([client.mine({ blocks: 5 }), client.revert({ id })]);
    expect([before, before + 5n]).toContain(await client.getBlockNumber());
  });

  test('to genesis, and to what was dumped before', async () => {
    const before = await client.getBlock();
    const balance = await client.getBalance({ address: SOMEBODY });
    const state = await client.dumpState();
    await client.reset();
    expect(await client.getBlockNumber()).toBe(0n);
    await client.setBalance({ address: SOMEBODY, value: balance + 1n });
    await client.loadState({ state });
    expect(await client.getBlock()).toEqual(before);
    await send(4n);
    expect(await client.getBalance({ address: SOMEBODY })).toBe(balance + 4n);
    const message = expect.stringContaining('it is no dump of this program');
    expect(await post(devnet, 'anvil_loadState', ['0x1234'])).toMatchObject({ error: { code: -32602, message } });
    expect(await post(devnet, 'evm_revert', ['0x1'])).toMatchObject({ result: false });
  });
});

test('a devnet that is started again goes on in the time of its chain', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-control-'));
  try {
    const first = await startDevnetProcess(['--data-dir', directory]);
    const client = connect(http(first.ready.urls.http));
    await client.increaseTime({ seconds: 1_000_000 });
    await client.mine({ blocks: 5 });
    const { number, timestamp } = await client.getBlock();
    await first.stop();
    const second = await startDevnetProcess(['--data-dir', directory]);
    const again = connect(http(second.ready.urls.http));
    expect(await again.getBlock()).toMatchObject({ number, timestamp });
    await again.increaseTime({ seconds: 10 });
    await again.mine({ blocks: 1 });
    expect((await again.getBlock()).timestamp).toBeGreaterThanOrEqual(timestamp + 10n);
    await second.stop();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('what cannot become final is told so, and why', async () => {
  const devnet = await startDevnetProcess([]);
  for (const index of [0, 1]) await post(devnet, 'heddle_stopValidator', [index]);
  expect(await post(devnet, 'anvil_setBalance', [SOMEBODY, '0x1'])).toMatchObject({
    error: { code: -32000, message: expect.stringContaining('too few validators are running: 2 of 4') },
  });
  for (const index of [0, 1]) await post(devnet, 'heddle_startValidator', [index]);
  expect(await post(devnet, 'anvil_setBalance', [SOMEBODY, '0x1'])).toMatchObject({ result: null });
  await devnet.stop();
});

/** Numbers of new heads, as a subscription tells them. */
class Heads {
  readonly numbers: bigint[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async subscribe(url: string): Promise<Heads> {
    const socket = new WebSocket(url);
    const heads = new Heads(socket);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const subscribed = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
    socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
    await subscribed;
    socket.addEventListener('message', ({ data }) => {
      heads.numbers.push(BigInt(JSON.parse(String(data)).params.result.number));
    });
    return heads;
  }

  close(): void {
    this.#socket.close();
  }
}

async function post(devnet: DevnetProcess, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(devnet.ready.urls.http, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return response.json();
}
