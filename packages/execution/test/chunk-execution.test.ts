import { DIRECTORY_ABI, MESSENGER_ABI } from '@heddle/contracts';
import { bytesToHex, hexToBytes } from '@heddle/primitives';
import { createShardRules } from '@heddle/sharding';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  type RecoveredTransaction,
} from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { decodeFunctionResult, encodeFunctionData } from 'viem';
import { chunkEnvironment, executeChunk, InvalidChunkError, produceChunk, simulateCall, World } from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';
import { addressOf, personOf } from './support/chunk-people.ts';
import { COUNTER } from './support/chunk-programs.ts';
import { type TestTransaction, transactionOf } from './support/chunk-transactions.ts';

const ETHER = 10n ** 18n;
const alice = personOf(0, 2, 0);
const bob = personOf(1, 2, 0);
const miner = addressOf(0, 2, 60);
const counter = addressOf(1, 2, 7);
const rules = createShardRules({ shard: 0, shardCount: 2 });

let network: ChunkNetwork;

beforeEach(() => {
  network = new ChunkNetwork({
    shardCount: 2,
    balances: new Map([alice, bob].map(({ address }) => [address, 100n * ETHER])),
    contracts: [{ address: counter, shard: 0, code: COUNTER }],
    gasLimit: 200_000n,
    baseFeePerGas: 1_000_000_000n,
    dispatch: true,
  });
});

function transfer(changes: Partial<TestTransaction>): RecoveredTransaction {
  return transactionOf({
    from: alice.address,
    nonce: 0n,
    to: miner,
    value: 1n,
    data: new Uint8Array(0),
    gasLimit: 21_000n,
    maxFeePerGas: 2_000_000_000n,
    maxPriorityFeePerGas: 1n,
    ...changes,
  });
}

function produce(candidates: Iterable<RecoveredTransaction>, gasTarget: bigint) {
  return produceChunk(network.context(0, miner), network.state(0), rules, candidates, gasTarget);
}

function execute(transactions: readonly RecoveredTransaction[]) {
  return executeChunk(network.context(0, miner), network.state(0), rules, transactions);
}

function addEmptyBlocks(count: number, missing: ReadonlySet<number>): void {
  for (let i = 0; i < count; i += 1) network.addBlock({ candidates: [], missing, coinbases: [] });
}

describe('producing', () => {
  test('leaves out what is invalid, with the reason, and goes on', () => {
    const outcome = produce(
      [
        transfer({ nonce: 1n }),
        transfer({ from: bob.address }),
        transfer({ value: 1_000n * ETHER }),
        transfer({ gasLimit: 200_001n }),
        transfer({ maxFeePerGas: 1n }),
        transfer({}),
        transfer({}),
        transfer({ nonce: 1n }),
      ],
      200_000n,
    );
    expect(outcome.included.map(({ fields }) => fields.nonce)).toEqual([0n, 1n]);
    expect(outcome.rejected.map(({ reason, permanent }) => [reason.split(':')[0], permanent])).toEqual([
      ['nonce too high', false],
      [`sender ${bob.address} resides on shard 1`, true],
      ['insufficient funds for gas * price + value', false],
      ['exceeds block gas limit', false],
      ['max fee per gas less than block base fee', false],
      ['nonce too low', true],
    ]);
  });

  test('what it left out leaves no trace: the same chunk without them is equal', () => {
    const good = transfer({});
    const bad = [
      transfer({ nonce: 9n }),
      transfer({ value: 1_000n * ETHER }),
      transfer({ nonce: 5n, to: bob.address }),
    ];
    const produced = produce([...bad, good, ...bad], 200_000n);
    expect(produced.included).toEqual([good]);
    expect({ ...produced, rejected: [] }).toEqual(execute([good]));
  });

  test('counts what is declared against what is left, and gives back what was not used', () => {
    // 150,000 declared and 44,000 or so used by each call: the second fits, the third does not, a transfer still does.
    const calls = [0n, 1n, 2n].map((nonce) => transfer({ nonce, to: counter, gasLimit: 150_000n }));
    const outcome = produce([...calls, transfer({ nonce: 2n })], 200_000n);
    expect(outcome.included.map(({ fields }) => fields.gasLimit)).toEqual([150_000n, 150_000n, 21_000n]);
    expect(outcome.rejected[0]?.reason).toMatch(/^gas limit reached: tx gas 150000, left/);
    expect(outcome.gasUsed).toBeLessThan(200_000n);
  });

  test('takes all that a dispatched transaction declares', () => {
    const calls = [0n, 1n].map((nonce) => transfer({ nonce, to: bob.address, gasLimit: 101_000n }));
    const outcome = produce(calls, 200_000n);
    expect(outcome.dispatched).toHaveLength(1);
    expect(outcome.gasUsed).toBe(101_000n);
  });

  test('stops at the gas target and asks for no candidate more', () => {
    const asked: bigint[] = [];
    function* candidates(): Generator<RecoveredTransaction> {
      for (let nonce = 0n; ; nonce += 1n) {
        asked.push(nonce);
        yield transfer({ nonce });
      }
    }
    expect(produce(candidates(), 60_000n).included).toHaveLength(3);
    expect(asked).toEqual([0n, 1n, 2n]);
    expect(produce(candidates(), 200_000n).included).toHaveLength(9);
  });
});

describe('executing', () => {
  test('throws with the facts when a transaction is invalid where it stands', () => {
    const bad = transfer({ nonce: 5n });
    try {
      execute([transfer({}), bad]);
      expect('no error').toBe('an error');
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidChunkError);
      expect(error).toMatchObject({
        code: 'INVALID_CHUNK',
        facts: {
          shard: 0,
          height: 1n,
          position: 1,
          transactionHash: bad.hash,
          reason: expect.stringMatching(/^nonce too high/),
        },
      });
    }
  });

  test('throws when the declared gas does not fit', () => {
    const calls = [0n, 1n, 2n].map((nonce) => transfer({ nonce, to: counter, gasLimit: 150_000n }));
    expect(() => execute(calls)).toThrow(/gas limit reached/);
  });

  test('refuses a chunk from before its parent', () => {
    const context = { ...network.context(0, miner), timestamp: 999n };
    expect(() => executeChunk(context, network.state(0), rules, [])).toThrow(/before the parent block's/);
  });

  test('a message that is not next in its sequence is impossible', () => {
    network.addBlock({
      candidates: [[], [transfer({ from: bob.address }), transfer({ from: bob.address, nonce: 1n })]],
      missing: new Set(),
      coinbases: [],
    });
    const context = network.context(0, miner);
    const skipped = { ...context, queue: context.queue.slice(1) };
    expect(() => executeChunk(skipped, network.state(0), rules, [])).toThrow(/is not next/);
    const twice = { ...context, queue: [...context.queue, ...context.queue] };
    expect(() => executeChunk(twice, network.state(0), rules, [])).toThrow(/is not next/);
  });
});

describe('missed heights', () => {
  const ring = (shard: number, height: number): bigint =>
    network.state(shard).storage(HISTORY_STORAGE_ADDRESS, BigInt(height) % 8_191n);

  test('a shard that was away runs the system calls of what it missed', () => {
    addEmptyBlocks(5, new Set([1]));
    addEmptyBlocks(1, new Set());
    for (let height = 0; height < 6; height += 1) {
      expect(ring(1, height)).toBe(BigInt(network.blocks[height]?.hash ?? 0));
      expect(ring(1, height)).toBe(ring(0, height));
    }
    const at = (network.blocks[3]?.header.timestamp ?? 0n) % 8_191n;
    expect(network.state(1).storage(BEACON_ROOTS_ADDRESS, at)).toBe(network.blocks[3]?.header.timestamp);
    expect(network.chunks[1]?.coveredHeight).toBe(6n);
  });

  test('after more than 256 it does system work only until it has caught up; messages wait', () => {
    const toBob = transfer({ to: bob.address });
    network.addBlock({ candidates: [[toBob], []], missing: new Set([1]), coinbases: [] });
    addEmptyBlocks(258, new Set([1]));
    const mine = transfer({ from: bob.address, to: bob.address });
    const [, first] = network.addBlock({ candidates: [[], [mine]], missing: new Set(), coinbases: [] });
    expect(first).toMatchObject({ coveredHeight: 256n, included: [], delivered: [], executed: [] });
    const [, second] = network.addBlock({ candidates: [[], [mine]], missing: new Set(), coinbases: [] });
    expect(second?.coveredHeight).toBe(261n);
    expect(second?.delivered).toHaveLength(1);
    expect(second?.included).toEqual([mine]);
    expect(ring(1, 200)).toBe(BigInt(network.blocks[200]?.hash ?? 0));
    const behind = { ...network.context(1, miner), height: 900n, ancestor: network.context(1, miner).ancestor };
    const known = { hash: behind.parentBlockHash, timestamp: 0n, parentBeaconBlockRoot: behind.parentBlockHash };
    const other = createShardRules({ shard: 1, shardCount: 2 });
    expect(() => executeChunk({ ...behind, ancestor: () => known }, network.state(1), other, [mine])).toThrow(
      /may hold system work only/,
    );
  });
});

describe('the system contracts', () => {
  function view(to: Address, data: `0x${string}`): `0x${string}` {
    const context = network.context(0, miner);
    const result = simulateCall(new World(network.state(0)), chunkEnvironment(context, 0n), {
      from: alice.address,
      to,
      data: hexToBytes(data),
      value: 0n,
      gas: 100_000,
      gasPrice: 0n,
      accessList: [],
      authorizationList: [],
    });
    expect(result.status).toBe('success');
    return bytesToHex(result.returnData);
  }

  function directory(functionName: 'residenceOf' | 'isListed' | 'homeOf', account: Address): unknown {
    const data = encodeFunctionData({ abi: DIRECTORY_ABI, functionName, args: [account] });
    return decodeFunctionResult({ abi: DIRECTORY_ABI, functionName, data: view(DIRECTORY_ADDRESS, data) });
  }

  test('the directory says what the rules say', () => {
    for (const account of [alice.address, bob.address, miner, addressOf(1, 2, 3)]) {
      expect(directory('residenceOf', account)).toBe(BigInt(network.residence(account)));
      expect(directory('homeOf', account)).toBe(BigInt(network.home(account)));
      expect(directory('isListed', account)).toBe(false);
    }
    expect(directory('residenceOf', counter)).toBe(0n);
    expect(directory('homeOf', counter)).toBe(1n);
    expect(directory('isListed', counter)).toBe(true);
    const data = encodeFunctionData({ abi: DIRECTORY_ABI, functionName: 'shardCount' });
    expect(BigInt(view(DIRECTORY_ADDRESS, data))).toBe(2n);
  });

  test('the messenger says how far messages have come', () => {
    network.addBlock({
      candidates: [[transfer({ to: bob.address })], [transfer({ from: bob.address })]],
      missing: new Set(),
      coinbases: [],
    });
    addEmptyBlocks(1, new Set());
    const next = encodeFunctionData({ abi: MESSENGER_ABI, functionName: 'nextSequence', args: [1n] });
    const cursor = encodeFunctionData({ abi: MESSENGER_ABI, functionName: 'inboundCursor', args: [1n] });
    expect(BigInt(view(MESSENGER_ADDRESS, next))).toBe(nextSequence());
    expect(BigInt(view(MESSENGER_ADDRESS, cursor))).toBe(network.chunks[0]?.inboundCursors[1]);
    expect(network.chunks[0]?.inboundCursors[1]).toBeGreaterThan(0n);
  });

  function nextSequence(): bigint {
    const sent = network.blocks.flatMap(({ outcomes }) => outcomes[0]?.outbox ?? []);
    return BigInt(sent.filter(({ destination }) => destination === 1).length);
  }
});
