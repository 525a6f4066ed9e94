import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPublicClient, createWalletClient, type Hex, http, type TransactionReceipt } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { temporaryDirectory } from '../support/each-storage.ts';
import { heddle, startNodeProcess, startValidatorProcess, type ValidatorProcess } from '../support/heddle-process.ts';
import { createNetwork } from '../support/network-of-processes.ts';
import { until } from '../support/until.ts';

const VALIDATORS = 4;
const MNEMONIC = 'test test test test test test test test test test test junk';
/** A view without the leader who was killed is a timeout; the machine may be busy. */
const CAUGHT_UP_MS = 60_000;

let directory = '';
const running = new Map<number, ValidatorProcess>();

beforeAll(async () => {
  directory = await temporaryDirectory();
  await createNetwork(directory, VALIDATORS);
  await Promise.all(Array.from({ length: VALIDATORS }, (_, index) => start(index)));
});

afterAll(async () => {
  await Promise.all([...running.values()].map((validator) => validator.kill()));
  rmSync(directory, { recursive: true, force: true });
});

async function start(index: number): Promise<void> {
  running.set(index, await startValidatorProcess(join(directory, 'net', `validator-${index}`)));
}

function urlOf(index: number): string {
  const validator = running.get(index);
  if (validator === undefined) throw new Error(`validator ${index} does not run`);
  return validator.url;
}

/** Of those that a validator has in its config file, the first. */
function bootnodeOf(index: number): string {
  const config = readFileSync(join(directory, 'net', `validator-${index}`, 'config.toml'), 'utf8');
  const [bootnode = ''] = /\/ip4\/[^"]+\/p2p\/\w+/.exec(config) ?? [];
  return bootnode;
}

/** One transfer, told to one validator. */
async function transfer(from: number, index: number): Promise<TransactionReceipt> {
  const transport = http(urlOf(index));
  const account = mnemonicToAccount(MNEMONIC, { addressIndex: from });
  const { address: to } = mnemonicToAccount(MNEMONIC, { addressIndex: from + 1 });
  const hash: Hex = await createWalletClient({ account, chain: foundry, transport }).sendTransaction({ to, value: 1n });
  const client = createPublicClient({ chain: foundry, transport, pollingInterval: 20 });
  return client.waitForTransactionReceipt({ hash, timeout: CAUGHT_UP_MS });
}

function hashAt(index: number, blockNumber: bigint): Promise<Hex | null> {
  const client = createPublicClient({ chain: foundry, transport: http(urlOf(index)) });
  return client.getBlock({ blockNumber }).then(
    ({ hash }) => hash,
    () => null,
  );
}

test('validators of four processes finalize what any of them is told, also without one, which catches up', async () => {
  for (let index = 0; index < VALIDATORS; index++) {
    expect(await transfer(index, index)).toMatchObject({ status: 'success' });
  }
  await running.get(3)?.kill();
  running.delete(3);
  expect(await transfer(4, 0)).toMatchObject({ status: 'success' });
  const { blockNumber, blockHash } = await transfer(5, 1);
  await start(3);
  await until(async () => (await hashAt(3, blockNumber)) === blockHash, CAUGHT_UP_MS);
  expect(await transfer(6, 3)).toMatchObject({ status: 'success' });
});

test('a node without a key follows them, and what it is told becomes final', async () => {
  const genesis = join(directory, 'net', 'validator-0', 'genesis.json');
  const flags = ['--genesis', genesis, '--bootnodes', bootnodeOf(0), '--p2p-listen', '/ip4/127.0.0.1/tcp/0'];
  running.set(4, await startNodeProcess('node', join(directory, 'follower'), [...flags, '--metrics-port', '0']));
  const { blockNumber, blockHash } = await transfer(7, 4);
  for (const index of [0, 4]) await until(async () => (await hashAt(index, blockNumber)) === blockHash, CAUGHT_UP_MS);
  const metrics = await (await fetch(`${running.get(4)?.metricsUrl}/metrics`)).text();
  expect(metrics).toContain('heddle_role{role="follower"} 1');
  expect(metrics).not.toContain('heddle_votes_total{');
  for (const index of [0, 4]) {
    const told = await heddle(['status', '--url', urlOf(index), '--json'], directory);
    expect(told).toMatchObject({ code: 0, errors: '' });
    expect(JSON.parse(told.output)).toMatchObject({ isWell: true, validators: 4, reached: 4, peers: 4, halted: null });
  }
});

const SLOW_CLOCK = { NODE_OPTIONS: '--import=data:text/javascript,{const%20now=Date.now;Date.now=()=>now()-6e5}' };

test('a node whose clock is ten minutes behind ends with one message; without its bootnodes it says so and goes on', async () => {
  const genesis = join(directory, 'net', 'validator-0', 'genesis.json');
  const words = (name: string, bootnode: string): readonly string[] => [
    ...['--data-dir', join(directory, name), '--genesis', genesis, '--bootnodes', bootnode],
    ...['--p2p-listen', '/ip4/127.0.0.1/tcp/0'],
  ];
  const examined = await heddle(['doctor', ...words('new', bootnodeOf(0)), '--json', '--rpc-port', '0'], directory);
  expect(examined).toMatchObject({ code: 0, errors: '' });
  expect(JSON.parse(examined.output)).toMatchObject({
    findings: expect.arrayContaining([
      { subject: 'clock', state: 'ok', says: expect.stringContaining('agrees') },
      { subject: 'bootnodes', state: 'ok', says: expect.stringMatching(/[2-4] of 4 validators/) },
    ]),
  });
  const late = ['node', ...words('late', bootnodeOf(0)), '--rpc-port', '0', '--lanes', '0', '--log-level', 'silent'];
  // Between question and answer a busy machine takes some seconds, which count in the clock's favour.
  const { code, errors } = await heddle(late, directory, SLOW_CLOCK);
  expect(errors).toMatch(
    /^heddle: this machine's clock is (?:59[5-9]|60\d) s behind those of the validators, .*Set it.*\n$/,
  );
  expect(code).toBe(8);
  const nowhere = `/ip4/127.0.0.1/tcp/9${bootnodeOf(0).replace(/^.*(?=\/p2p)/, '')}`;
  const lonely = await startNodeProcess('node', join(directory, 'lonely'), words('lonely', nowhere).slice(2));
  await until(async () => lonely.log().includes(`no bootnode is within reach`), CAUGHT_UP_MS);
  expect(lonely.log()).toContain(`${nowhere}: `);
  expect(await lonely.stop()).toBe(0);
});

test('without a quorum a node says that the chain is halted, and one that is gone does not answer', async () => {
  const gone = urlOf(2);
  for (const index of [2, 3]) {
    await running.get(index)?.kill();
    running.delete(index);
  }
  const status = (url: string): ReturnType<typeof heddle> => heddle(['status', '--url', url], directory);
  await until(async () => (await status(urlOf(4))).code === 1, CAUGHT_UP_MS);
  expect(await status(urlOf(4))).toMatchObject({
    output: expect.stringContaining('halted: 2 of 4 validators are within reach, 3 are needed'),
    errors: '',
  });
  expect(await status(gone)).toEqual({
    code: 1,
    output: '',
    errors: `heddle: ${gone} does not answer: ECONNREFUSED\n`,
  });
});

test('all stop in order', async () => {
  const codes = await Promise.all([...running.values()].map((node) => node.stop()));
  expect(codes).toEqual([0, 0, 0]);
  running.clear();
});
