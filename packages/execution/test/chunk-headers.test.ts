import { createBlockHeader } from '@ethereumjs/block';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { bytesToHex, concatBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import {
  type Address,
  blockExtraData,
  type ChunkHeader,
  EMPTY_BLOOM,
  EMPTY_TRIE_ROOT,
  hashBlockHeader,
  ZERO_HASH,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assembleBlockHeader,
  type ChunkContext,
  canonicalEmptyContext,
  commitRoots,
  deliveryBudget,
  gasTarget,
  heightsToCover,
  mixRandao,
  nextBaseFee,
} from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';

const PERSON: Address = '0x00000000000000000000000000000000000000aa';

function network(shardCount: number): ChunkNetwork {
  const balances = new Map([[PERSON, 10n ** 18n]]);
  return new ChunkNetwork({ shardCount, balances, contracts: [], gasLimit: 30_000_000n, baseFeePerGas: 1_000n });
}

describe('base fee', () => {
  test('is what ethereumjs computes', () => {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague });
    fc.assert(
      fc.property(
        fc.bigInt(1n, 60_000_000n),
        fc.nat({ max: 1_000 }),
        fc.bigInt(0n, 10n ** 12n),
        (gasLimit, permille, baseFeePerGas) => {
          const gasUsed = (gasLimit * BigInt(permille)) / 1_000n;
          fc.pre(gasLimit >= 2n);
          const header = createBlockHeader({ number: 1n, gasLimit, gasUsed, baseFeePerGas }, { common });
          expect(nextBaseFee({ gasLimit, gasUsed, baseFeePerGas })).toBe(header.calcNextBaseFee());
        },
      ),
      { numRuns: 200 },
    );
  });

  test('stops falling at 7 wei and rises by at least 1', () => {
    expect(nextBaseFee({ gasLimit: 30n, gasUsed: 0n, baseFeePerGas: 7n })).toBe(7n);
    expect(nextBaseFee({ gasLimit: 30n, gasUsed: 0n, baseFeePerGas: 8n })).toBe(7n);
    expect(nextBaseFee({ gasLimit: 30n, gasUsed: 16n, baseFeePerGas: 7n })).toBe(8n);
    expect(nextBaseFee({ gasLimit: 30n, gasUsed: 15n, baseFeePerGas: 7n })).toBe(7n);
  });
});

describe('budgets', () => {
  const at = (height: bigint, last: bigint, covered: bigint): ChunkContext => {
    const context = network(2).context(0, PERSON);
    return { ...context, height, parentChunk: { ...context.parentChunk, height: last, coveredHeight: covered } };
  };

  test('are halved for each missed height, six times at most', () => {
    expect(deliveryBudget(at(10n, 9n, 9n))).toBe(22_500_000n);
    expect(gasTarget(at(10n, 9n, 9n))).toBe(30_000_000n);
    expect(deliveryBudget(at(10n, 8n, 8n))).toBe(11_250_000n);
    expect(gasTarget(at(10n, 7n, 7n))).toBe(7_500_000n);
    expect(gasTarget(at(100n, 7n, 7n))).toBe(468_750n);
  });

  test('a chunk covers at most 256 missed heights, and none that history has forgotten', () => {
    expect(heightsToCover(at(10n, 9n, 9n))).toEqual({ first: 10n, last: 10n });
    expect(heightsToCover(at(267n, 10n, 10n))).toEqual({ first: 11n, last: 267n });
    expect(heightsToCover(at(268n, 10n, 10n))).toEqual({ first: 11n, last: 266n });
    expect(heightsToCover(at(20_000n, 10n, 10n))).toEqual({ first: 11_809n, last: 12_064n });
  });
});

describe('block header', () => {
  const reveal = new Uint8Array(192).fill(9);
  const parts = (chunkHeaders: readonly ChunkHeader[]) => ({
    parent: network(chunkHeaders.length).head.header,
    prevRandao: ZERO_HASH,
    parentBeaconBlockRoot: ZERO_HASH,
    view: 3n,
    leader: 1,
    randaoReveal: reveal,
    chunks: uncertified(chunkHeaders),
  });
  const uncertified = (headers: readonly ChunkHeader[]) => headers.map((header) => ({ header, certificate: null }));
  const chunk = (shard: number, changes: Partial<ChunkHeader>): ChunkHeader => ({
    ...network(2).context(0, PERSON).parentChunk,
    shard,
    ...changes,
  });
  const root = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
  const bloom = (at: number): Uint8Array => EMPTY_BLOOM.map((_, i) => (i === at ? 1 : 0));
  const fresh = { height: 1n, gasUsed: 100n, timestamp: 1_005n, logsBloom: bloom(3) };

  test('with one shard repeats the chunk', () => {
    const only = chunk(0, {
      ...fresh,
      stateRoot: root('1'),
      receiptsRoot: root('2'),
      transactionsRoot: root('3'),
      coinbase: PERSON,
    });
    const header = assembleBlockHeader(parts([only]));
    for (const field of [
      'stateRoot',
      'receiptsRoot',
      'transactionsRoot',
      'logsBloom',
      'gasUsed',
      'gasLimit',
    ] as const) {
      expect(header[field]).toEqual(only[field]);
    }
    for (const field of ['coinbase', 'baseFeePerGas', 'timestamp'] as const) expect(header[field]).toEqual(only[field]);
    expect(header.parentHash).toBe(hashBlockHeader(parts([only]).parent));
    expect(header.extraData).toEqual(blockExtraData(3n, 1, reveal, uncertified([only])));
  });

  test('with more sums gas, takes the highest base fee and the latest time, unites blooms', () => {
    const a = chunk(0, { ...fresh, baseFeePerGas: 5n });
    const b = chunk(1, { ...fresh, baseFeePerGas: 9n, timestamp: 1_009n, gasUsed: 11n, logsBloom: bloom(4) });
    const header = assembleBlockHeader(parts([a, b]));
    expect(header.gasUsed).toBe(111n);
    expect(header.gasLimit).toBe(60_000_000n);
    expect(header.baseFeePerGas).toBe(9n);
    expect(header.timestamp).toBe(1_009n);
    expect([header.logsBloom[3], header.logsBloom[4]]).toEqual([1, 1]);
    expect(header.stateRoot).toBe(bytesToHex(keccak256(concatBytes(hexToBytes(a.stateRoot), hexToBytes(b.stateRoot)))));
  });

  test('a missing shard contributes its state root and nothing that happened', () => {
    const stale = { transactionsRoot: root('4'), receiptsRoot: root('5'), gasUsed: 77n, timestamp: 2_000n };
    const missing = chunk(0, { height: 0n, ...stale, stateRoot: root('6'), logsBloom: bloom(7) });
    const made = chunk(1, { ...fresh, stateRoot: root('7') });
    const header = assembleBlockHeader(parts([missing, made]));
    expect(header.stateRoot).toBe(commitRoots([root('6'), root('7')]));
    expect(header.transactionsRoot).toBe(commitRoots([EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT]));
    expect(header.receiptsRoot).toBe(commitRoots([EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT]));
    expect(header.gasUsed).toBe(100n);
    expect(header.timestamp).toBe(1_005n);
    expect(header.logsBloom).toEqual(made.logsBloom);
    const empty = assembleBlockHeader(parts([missing, chunk(1, { height: 0n })]));
    expect(empty.timestamp).toBe(1_000n);
    expect(empty.gasUsed).toBe(0n);
    expect(empty.logsBloom).toEqual(EMPTY_BLOOM);
  });

  test('the mix is keccak256(parent mix ‖ parent reveal)', () => {
    expect(mixRandao(ZERO_HASH, reveal)).toBe(bytesToHex(keccak256(concatBytes(new Uint8Array(32), reveal))));
  });
});

describe('canonical empty chunk', () => {
  test('is at the parent time, with no coinbase, and only with one shard', () => {
    const context = canonicalEmptyContext(network(1).context(0, PERSON));
    expect(context.timestamp).toBe(1_000n);
    expect(context.coinbase).toBe('0x0000000000000000000000000000000000000000');
    expect(() => canonicalEmptyContext(network(2).context(0, PERSON))).toThrow(/only a network with one shard/);
  });
});
