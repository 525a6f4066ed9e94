import { decodeRlp, encodeRlp, equalBytes, keccak256Hex, type RlpItem } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as types from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

const refused = (reason: string): unknown =>
  expect.objectContaining({
    code: 'INVALID_ENCODING',
    facts: expect.objectContaining({ reason: expect.stringContaining(reason) }),
  });
const bug = expect.objectContaining({ code: 'IMPOSSIBLE_STATE' });

const listOf = (item: RlpItem | undefined): readonly RlpItem[] =>
  item === undefined || item instanceof Uint8Array ? [] : item;
const replaced = (bytes: Uint8Array, index: number, item: RlpItem): Uint8Array =>
  encodeRlp(listOf(decodeRlp(bytes)).with(index, item));

const [twoShards] = fc.sample(
  arbitrary.block.filter(({ chunks }) => chunks.length === 2),
  { numRuns: 1, seed: 1 },
);
const section = twoShards?.section;
if (twoShards === undefined || section === undefined || section === null) throw new Error('samples');
const { header } = section;

describe('a section header', () => {
  const bytes = types.encodeSectionHeader(header);
  const hash: RlpItem = new Uint8Array(32);

  test('has room for a producer and a certificate, and nothing in it', () => {
    expect(listOf(decodeRlp(bytes))).toHaveLength(13);
    for (const [index, field] of [
      [11, 'producer'],
      [12, 'certificate'],
    ] as const) {
      expect(() => types.decodeSectionHeader(replaced(bytes, index, Uint8Array.of(1)))).toThrow(
        refused(`${field} has 1 bytes, not 0`),
      );
      expect(() => types.decodeSectionHeader(replaced(bytes, index, []))).toThrow(refused(`${field} is a list`));
    }
    expect(() => types.decodeSectionHeader(encodeRlp(listOf(decodeRlp(bytes)).slice(0, 12)))).toThrow(
      refused('12 fields, not 13'),
    );
  });

  test('speaks of one number of shards, at most 64', () => {
    for (const index of [4, 9, 10]) {
      expect(() => types.decodeSectionHeader(replaced(bytes, index, [hash]))).toThrow(refused('lists differ'));
    }
    const many = Array.from({ length: 65 }, () => hash);
    expect(() => types.decodeSectionHeader(replaced(bytes, 9, many))).toThrow(refused('65 stateRoots'));
    expect(() => types.encodeSectionHeader({ ...header, outboxRoots: [] })).toThrow(bug);
    const hashes = Array.from({ length: 65 }, () => types.ZERO_HASH);
    const lists = { accessListHashes: hashes, stateRoots: hashes, outboxRoots: hashes };
    expect(() => types.encodeSectionHeader({ ...header, ...lists })).toThrow(bug);
  });

  test('is named by the hash of its encoding', () => {
    expect(types.hashSectionHeader(header)).toBe(keccak256Hex(bytes));
  });
});

describe('a section', () => {
  const withBody = (...body: readonly RlpItem[]): Uint8Array => replaced(types.encodeSection(section), 1, body);

  test('has room for control operations, and none', () => {
    const transactions = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(types.decodeSection(withBody([], transactions)).transactions).toEqual(transactions);
    expect(() => types.decodeSection(withBody([Uint8Array.of(1)], transactions))).toThrow(refused('1 fields, not 3'));
    expect(() => types.decodeSection(withBody(new Uint8Array(0), transactions))).toThrow(refused('not a string'));
    expect(() => types.decodeSection(withBody(transactions))).toThrow(refused('1 fields, not 2'));
    expect(() => types.decodeSection(withBody([], [[]]))).toThrow(refused('a list where a string'));
    expect(types.hashSectionBody({ control: null, transactions })).toBe(keccak256Hex(encodeRlp([[], transactions])));
  });

  test('has a limit of bytes, that of all encodings together', () => {
    const half = new Uint8Array(types.MAX_SECTION_BYTES / 2);
    const full = { header, control: null, transactions: [half, half] };
    expect(types.decodeSection(types.encodeSection(full))).toEqual(full);
    const over = [half, half, Uint8Array.of(1)];
    expect(() => types.encodeSection({ header, control: null, transactions: over })).toThrow(bug);
    expect(() => types.decodeSection(withBody([], over))).toThrow(refused('1048577 bytes, more than 1048576'));
  });

  test('has a limit of transactions, above what any can have', () => {
    const shortest = { type: 0, nonce: 0n, gasLimit: 0n, to: null, value: 0n, data: new Uint8Array(0) } as const;
    const fields = { ...shortest, chainId: null, gasPrice: 0n };
    const { raw } = types.encodeTransaction(fields, { yParity: 0, r: 1n, s: 1n });
    expect(types.MAX_SECTION_TRANSACTIONS).toBe(Math.floor(types.MAX_SECTION_BYTES / raw.length));
    const most = Array.from({ length: types.MAX_SECTION_TRANSACTIONS }, () => raw);
    expect(
      types.decodeSection(types.encodeSection({ header, control: null, transactions: most })).transactions,
    ).toHaveLength(most.length);
    const over = [...most, new Uint8Array(0)];
    expect(() => types.encodeSection({ header, control: null, transactions: over })).toThrow(bug);
    expect(() => types.decodeSection(withBody([], over))).toThrow(refused('it has 104858 transactions'));
  });
});

describe('a block', () => {
  const [oneShard] = fc.sample(
    arbitrary.block.filter(({ chunks, section }) => chunks.length === 1 && section === null),
    { numRuns: 1, seed: 1 },
  );
  const [threeShards] = fc.sample(
    arbitrary.block.filter(({ chunks }) => chunks.length === 3),
    { numRuns: 1, seed: 1 },
  );
  if (oneShard === undefined || threeShards === undefined) throw new Error('samples');

  test('of one shard has no section but a control block’s, one of several has that of as many', () => {
    const sectionItem = decodeRlp(types.encodeSection(section));
    for (const [block, item, shards] of [
      [oneShard, sectionItem, 1],
      [twoShards, new Uint8Array(0), 2],
      [threeShards, sectionItem, 3],
    ] as const) {
      expect(() => types.decodeBlock(replaced(types.encodeBlock(block), 5, item))).toThrow(
        refused(`its section is not one of ${shards} shards`),
      );
      expect(() => types.encodeBlock({ ...block, section: shards === 2 ? null : section })).toThrow(bug);
    }
    expect(equalBytes(types.encodeBlock(oneShard).slice(-1), Uint8Array.of(0x80))).toBe(true);
    // Null is the empty string; the empty list is nothing.
    expect(() => types.decodeBlock(replaced(types.encodeBlock(oneShard), 5, []))).toThrow(refused('0 fields'));
  });

  test('of 64 shards with every certificate and a full section has less than 1.3 MiB', () => {
    const hash: types.Hash = `0x${'ff'.repeat(32)}`;
    const shards = Array.from({ length: types.MAX_SHARDS }, (_, shard) => shard);
    const each = shards.map(() => hash);
    const [chunkHeader] = twoShards.chunks.map((chunk) => chunk.header);
    if (chunkHeader === undefined) throw new Error('samples');
    const u64 = 2n ** 64n - 1n;
    const u256 = 2n ** 256n - 1n;
    const chunks = shards.map((shard) => ({
      header: {
        ...chunkHeader,
        shard,
        height: u64,
        gasUsed: u64,
        gasLimit: u64,
        baseFeePerGas: u256,
        timestamp: u64,
        tips: u256,
        inboundCursors: shards.map(() => u64),
        queuedWeight: u64,
        executedCount: types.MAX_CHUNK_COUNT,
        logCount: types.MAX_CHUNK_COUNT,
        receiptGas: u64,
        coveredHeight: u64,
        producer: types.MAX_VALIDATORS - 1,
      },
      certificate: {
        shard,
        parentBlockHash: hash,
        chunkHash: hash,
        bitmap: new Uint8Array(types.MAX_VALIDATORS / 8),
        aggregate: new Uint8Array(96),
      },
    }));
    const lists = { accessListHashes: each, stateRoots: each, outboxRoots: each };
    const sizes = [types.MAX_SECTION_TRANSACTIONS, 1].map((count) => {
      const length = Math.floor(types.MAX_SECTION_BYTES / count);
      const transactions = Array.from({ length: count }, () => new Uint8Array(length).fill(0xff));
      const block = { ...twoShards, chunks, section: { header: { ...header, ...lists }, control: null, transactions } };
      return types.encodeBlock(block).length;
    });
    for (const size of sizes) expect(size).toBeLessThan(1.3 * 1_024 * 1_024);
  });
});
