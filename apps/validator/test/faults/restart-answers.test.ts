import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { allReceipts } from '../support/receipts.ts';
import { type RpcCall, rpcBatch } from '../support/rpc-batch.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';

/** Stores the value at the slot that calldata begins with and logs the slot as a topic; slot 3 reverts. */
const RUNTIME = '5f35806003146010573481555f5fa1005b5f5ffd';
const INIT_CODE = `0x60148060095f395ff3${RUNTIME}`;
const SLOTS = [1, 2, 3];
const GAS = '0x30d40';

interface Story {
  readonly contract: string;
  readonly hashes: readonly string[];
}

/** Transfers between all shards, a contract, and calls from every shard, some of which revert. */
async function makeHistory(devnet: DevnetProcess): Promise<Story> {
  const { ready } = devnet;
  const url = ready.urls.http;
  const transfers = await Transfers.create(ready, seededNumbers(12));
  const sent = await transfers.send(20);
  await allReceipts(url, sent);
  const [deployer] = ready.accounts;
  const deployment = String(
    await rpc(url, 'eth_sendTransaction', [{ from: deployer?.address, data: INIT_CODE, gas: GAS }]),
  );
  await allReceipts(url, [deployment]);
  const receipt: { readonly contractAddress?: unknown } = Object(
    await rpc(url, 'eth_getTransactionReceipt', [deployment]),
  );
  const contract = String(receipt.contractAddress);
  const calls = await Promise.all(
    ready.accounts.slice(0, 4).flatMap(({ address }) =>
      SLOTS.map(async (slot) => {
        const data = `0x${slot.toString(16).padStart(64, '0')}`;
        return String(
          await rpc(url, 'eth_sendTransaction', [{ from: address, to: contract, value: '0x1', data, gas: GAS }]),
        );
      }),
    ),
  );
  await allReceipts(url, calls);
  return { contract, hashes: [...sent, deployment, ...calls] };
}

function questionsOfBlock(number: string): readonly RpcCall[] {
  const ask = (method: string, ...more: readonly unknown[]): RpcCall => ({ method, params: [number, ...more] });
  return [
    ask('eth_getBlockByNumber', true),
    ask('eth_getBlockReceipts'),
    ask('eth_getBlockAccessList'),
    ask('eth_getBlockTransactionCountByNumber'),
    ask('debug_getRawBlock'),
    ask('debug_getRawReceipts'),
    ask('debug_traceBlockByNumber', { tracer: 'callTracer', tracerConfig: { withLog: true } }),
    ask('debug_traceBlockByNumber', { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }),
    ask('trace_block'),
    ask('ots_getBlockDetails'),
    { method: 'eth_getLogs', params: [{ fromBlock: number, toBlock: number }] },
    { method: 'eth_feeHistory', params: ['0x5', number, [10, 90]] },
  ];
}

function questionsOfTransaction(hash: string): readonly RpcCall[] {
  const methods = ['eth_getTransactionByHash', 'eth_getTransactionReceipt', 'eth_getRawTransactionByHash'];
  const traces = ['debug_traceTransaction', 'trace_transaction', 'shard_getTransactionTrace'];
  return [...methods, ...traces].map((method) => ({ method, params: [hash] }));
}

function questionsOfState(number: string, contract: string, addresses: readonly string[]): readonly RpcCall[] {
  const slots = SLOTS.map((slot) => `0x${slot.toString(16)}`);
  const call = { to: contract, data: `0x${'2'.padStart(64, '0')}` };
  return [
    ...addresses.map((address) => ({ method: 'eth_getBalance', params: [address, number] })),
    ...addresses.map((address) => ({ method: 'eth_getTransactionCount', params: [address, number] })),
    ...slots.map((slot) => ({ method: 'eth_getStorageAt', params: [contract, slot, number] })),
    { method: 'eth_getCode', params: [contract, number] },
    { method: 'eth_getProof', params: [contract, slots, number] },
    { method: 'eth_call', params: [call, number] },
    { method: 'debug_traceCall', params: [call, number, { tracer: 'callTracer' }] },
  ];
}

/** All that can be asked about the chain so far. */
async function everything(
  devnet: DevnetProcess,
  { contract, hashes }: Story,
): Promise<readonly (readonly unknown[])[]> {
  const { ready } = devnet;
  const head = Number(await rpc(ready.urls.http, 'eth_blockNumber'));
  const numbers = Array.from({ length: head + 1 }, (_, number) => `0x${number.toString(16)}`);
  const addresses = ready.accounts.slice(0, 4).map(({ address }) => address);
  const questions = [
    // Genesis has neither an access list nor anything to trace.
    ...numbers.slice(1).flatMap(questionsOfBlock),
    ...hashes.flatMap(questionsOfTransaction),
    ...numbers.flatMap((number) => questionsOfState(number, contract, addresses)),
  ];
  const answers = await rpcBatch(ready.urls.http, questions);
  return questions.map((question, at) => [question, answers[at]]);
}

test.each([1, 2])(
  'a restarted devnet answers everything about every block and transaction as before: %i shards',
  async (shards) => {
    const directory = await temporaryDirectory();
    const start = (): Promise<DevnetProcess> =>
      startDevnetProcess(['--data-dir', directory, '--shards', String(shards)]);
    let devnet = await start();
    try {
      const story = await makeHistory(devnet);
      const before = await everything(devnet, story);
      expect(before.length).toBeGreaterThan(300);
      await devnet.stop();
      devnet = await start();
      expect(await everything(devnet, story)).toEqual(before);
      await devnet.kill();
      devnet = await start();
      expect(await everything(devnet, story)).toEqual(before);
    } finally {
      await devnet.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
