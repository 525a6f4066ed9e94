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
  type SectionHeader,
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
  genesisSectionHeader,
  heightsToCover,
  mixRandao,
  nextBaseFee,
} from '../src/index.ts';
import { ChunkNetwork } from './support/chunk-network.ts';

const PERSON: Address = '0x00000000000000000000000000000000000000aa';
const LEADER: Address = '0x00000000000000000000000000000000000000bb';

function network(shardCount: number): ChunkNetwork {
  const balances = new Map([[PERSON, 10n ** 18n]]);
  return new ChunkNetwork({
    shardCount,
    balances,
    contracts: [],
    gasLimit: 30_000_000n,
    baseFeePerGas: 1_000n,
    dispatch: false,
  });
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
          expect(nextBaseFee({ gasLimit, gasUsed, queuedWeight: 0n, baseFeePerGas })).toBe(header.calcNextBaseFee());
        },
      ),
      { numRuns: 200 },
    );
  });

  const after = (gasUsed: bigint, queuedWeight: bigint, baseFeePerGas: bigint): bigint =>
    nextBaseFee({ gasLimit: 30n, gasUsed, queuedWeight, baseFeePerGas });

  test('stops falling at 7 wei and rises by at least 1', () => {
    expect(after(0n, 0n, 7n)).toBe(7n);
    expect(after(0n, 0n, 8n)).toBe(7n);
    expect(after(16n, 0n, 7n)).toBe(8n);
    expect(after(15n, 0n, 7n)).toBe(7n);
  });

  test('counts what waits as what was taken, and rises by 1/8 at most', () => {
    expect(after(0n, 15n, 8_000n)).toBe(8_000n);
    expect(after(10n, 12n, 8_000n)).toBe(after(22n, 0n, 8_000n));
    expect(after(0n, 30n, 8_000n)).toBe(9_000n);
    expect(after(30n, 10n ** 18n, 8_000n)).toBe(9_000n);
    expect(after(40n, 0n, 8_000n)).toBe(9_000n);
  });
});

describe('budgets', () => {
  const at = (height: bigint, last: bigint, covered: bigint): ChunkContext => {
    const context = network(2).context(0, PERSON);
    return { ...context, height, parentChunk: { ...context.parentChunk, height: last, coveredHeight: covered } };
  };

  test('are halved for each missed height, six times at most', () => {
    expect(deliveryBudget(at(10n, 9n, 9n))).toBe(22_500_000n);
    expect(gasTarget(30_000_000n, 0n)).toBe(30_000_000n);
    expect(deliveryBudget(at(10n, 8n, 8n))).toBe(11_250_000n);
    expect(gasTarget(30_000_000n, 2n)).toBe(7_500_000n);
    expect(gasTarget(30_000_000n, 92n)).toBe(468_750n);
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
    gasLimit: null,
    section: chunkHeaders.length === 1 ? null : { header: sectionOf({}), coinbase: LEADER },
  });
  const sectionOf = (changes: Partial<SectionHeader>): SectionHeader => ({
    ...genesisSectionHeader([root('8'), root('9')], 20_000_000n, 7n),
    ...changes,
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
    expect(header.extraData).toEqual(blockExtraData(3n, 1, reveal, uncertified([only]), null));
  });

  test('with more sums gas, takes the highest base fee and the latest time, unites blooms', () => {
    const a = chunk(0, { ...fresh, baseFeePerGas: 5n });
    const b = chunk(1, { ...fresh, baseFeePerGas: 9n, timestamp: 1_009n, gasUsed: 11n, logsBloom: bloom(4) });
    const header = assembleBlockHeader(parts([a, b]));
    expect(header.gasUsed).toBe(111n);
    expect(header.gasLimit).toBe(80_000_000n);
    expect(header.coinbase).toBe(LEADER);
    expect(header.baseFeePerGas).toBe(9n);
    expect(header.timestamp).toBe(1_009n);
    expect([header.logsBloom[3], header.logsBloom[4]]).toEqual([1, 1]);
    // The states are those after the section.
    expect(header.stateRoot).toBe(bytesToHex(keccak256(concatBytes(hexToBytes(root('8')), hexToBytes(root('9'))))));
  });

  test('counts the section as one more body, behind the chunks', () => {
    const chunks = [chunk(0, { ...fresh, baseFeePerGas: 5n }), chunk(1, { ...fresh, baseFeePerGas: 9n })];
    const header = sectionOf({
      transactionsRoot: root('a'),
      receiptsRoot: root('b'),
      logsBloom: bloom(9),
      gasUsed: 5n,
      baseFeePerGas: 11n,
    });
    const block = assembleBlockHeader({ ...parts(chunks), section: { header, coinbase: LEADER } });
    expect(block.transactionsRoot).toBe(commitRoots([...chunks.map((each) => each.transactionsRoot), root('a')]));
    expect(block.receiptsRoot).toBe(commitRoots([...chunks.map((each) => each.receiptsRoot), root('b')]));
    expect([block.logsBloom[3], block.logsBloom[9]]).toEqual([1, 1]);
    expect(block.gasUsed).toBe(205n);
    expect(block.baseFeePerGas).toBe(11n);
    expect(block.extraData).toEqual(blockExtraData(3n, 1, reveal, uncertified(chunks), header));
  });

  test('a missing shard contributes its gas limit and nothing that happened', () => {
    const stale = { transactionsRoot: root('4'), receiptsRoot: root('5'), gasUsed: 77n, timestamp: 2_000n };
    const missing = chunk(0, { height: 0n, ...stale, stateRoot: root('6'), logsBloom: bloom(7) });
    const made = chunk(1, { ...fresh, stateRoot: root('7') });
    const header = assembleBlockHeader(parts([missing, made]));
    expect(header.stateRoot).toBe(commitRoots([root('8'), root('9')]));
    expect(header.transactionsRoot).toBe(commitRoots([EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT]));
    expect(header.receiptsRoot).toBe(commitRoots([EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT, EMPTY_TRIE_ROOT]));
    expect(header.gasLimit).toBe(80_000_000n);
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
