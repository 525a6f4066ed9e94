import { producerOf, type SignatureScheme } from '@heddle/consensus';
import { keccak256Hex } from '@heddle/primitives';
import { type Chunk, hashAccessList, hashBodyTransactions, hashChunkHeader } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChunkCache } from '../src/chain/chunk-cache.ts';
import { ChunkIntake } from '../src/consensus/chunk-intake.ts';
import { type EpochValidators, ValidatorsByEpoch } from '../src/epochs/epoch-validators.ts';
import { HELD_CHUNK_BYTES, MAX_CHUNKS_PER_HEIGHT } from '../src/limits.ts';
import { emptyChunkAt } from './support/blocks.ts';
import { ShortChain, shortEpochs } from './support/short-chain.ts';

const VALIDATORS = 10;
const MIB = 1_024 * 1_024;
const GOOD = 1;
const GARBAGE = 0;

let short: ShortChain;
let validators: EpochValidators;
let chunks: ChunkCache;
let blamed: string[];
/** Signatures that were checked. */
let checked: number;
let intake: ChunkIntake;

beforeEach(async () => {
  checked = 0;
  const scheme: SignatureScheme = {
    verify: (_key, _message, signature) => {
      checked += 1;
      return signature[0] === GOOD;
    },
    aggregate: () => null,
    verifyAggregate: () => false,
    verifyAll: () => false,
  };
  short = await ShortChain.open(shortEpochs(1_000n, VALIDATORS));
  validators = new ValidatorsByEpoch(short.chain, scheme).ofChildren(short.chain.tree.root);
  chunks = new ChunkCache();
  blamed = [];
  intake = new ChunkIntake({
    validators,
    chain: short.chain,
    chunks,
    events: { blame: (peer, reason) => blamed.push(`${validators.indexOf(peer)} ${reason}`) },
  });
});

afterEach(() => short.close());

function producerAt(height: bigint): number {
  return producerOf(validators.producers, 0, height) ?? -1;
}

/** The chunk of a height as its producer would sign it; `name` tells several apart. */
function chunkAt(height: bigint, name = 0, parent = 0): Chunk {
  const { chunk } = emptyChunkAt(height, name, GOOD);
  const header = {
    ...chunk.header,
    producer: producerAt(height),
    parentBlockHash: keccak256Hex(Uint8Array.of(parent)),
    bodyRoot: hashBodyTransactions([]),
    accessListHash: hashAccessList([]),
  };
  return { ...chunk, header };
}

function send(from: number, chunk: Chunk, bytes = 1_000): boolean {
  return intake.take(validators.peerAt(from), chunk, bytes) !== null;
}

describe('a genuine chunk', () => {
  test('is held and announced, once', () => {
    const chunk = chunkAt(1n);
    const announcement = intake.take(validators.peerAt(producerAt(1n)), chunk, 1_000);
    expect(announcement).toEqual({
      header: chunk.header,
      chunkHash: hashChunkHeader(chunk.header),
      signature: chunk.signature,
    });
    expect(chunks.held(hashChunkHeader(chunk.header))).toBe(chunk);
    expect(send(producerAt(1n), chunk)).toBe(false);
    expect([checked, blamed, chunks.heldBytes]).toEqual([1, [], 1_000]);
  });

  test('of a height that does not matter here is nobody’s fault, and costs no check', () => {
    const far = 2n ** 60n;
    expect(send(producerAt(far), chunkAt(far))).toBe(false);
    expect(send(producerAt(0n), chunkAt(0n))).toBe(false);
    expect([checked, blamed, chunks.heldBytes]).toEqual([0, [], 0]);
  });
});

describe('what no honest validator sends', () => {
  test('second-hand: of a third of the validators none costs a signature check, each is blamed', () => {
    const others = [...Array(VALIDATORS).keys()].filter((index) => index !== producerAt(1n)).slice(0, 3);
    for (const from of others) {
      send(from, { ...chunkAt(1n, from), signature: new Uint8Array(192) });
      send(from, { ...chunkAt(1n, from), header: { ...chunkAt(1n).header, producer: from } });
    }
    expect(new Set(blamed)).toEqual(new Set(others.map((from) => `${from} chunk: not from its producer`)));
    expect([checked, chunks.heldBytes]).toEqual([0, 0]);
    expect(send(producerAt(1n), chunkAt(1n))).toBe(true);
  });

  test('a garbage signature: nothing is held, whatever its timestamp says, and the genuine chunk comes through', () => {
    const early = { ...chunkAt(1n), header: { ...chunkAt(1n).header, timestamp: 2n ** 40n } };
    expect(send(producerAt(1n), { ...early, signature: new Uint8Array(192).fill(GARBAGE) })).toBe(false);
    expect(blamed).toEqual([`${producerAt(1n)} chunk: not what its producer signed`]);
    expect([checked, chunks.heldBytes]).toEqual([1, 0]);
  });

  test.each([
    ['transactions', { bodyRoot: hashBodyTransactions([Uint8Array.of(1)]) }],
    ['access list', { accessListHash: keccak256Hex(Uint8Array.of(1)) }],
  ])('other %s than the header commits: found before the signature is looked at', (_what, committed) => {
    const chunk = chunkAt(1n);
    expect(send(producerAt(1n), { ...chunk, header: { ...chunk.header, ...committed } })).toBe(false);
    expect(blamed).toEqual([`${producerAt(1n)} chunk: not what its producer signed`]);
    expect([checked, chunks.heldBytes]).toEqual([0, 0]);
  });

  test('from outside the set', () => {
    expect(intake.take('validator-ffffffffffffffff', chunkAt(1n), 1_000)).toBeNull();
    expect(blamed).toEqual(['null chunk: not from its producer']);
  });
});

describe('a flood of well signed chunks', () => {
  test('two are heard for one place, some for one height', () => {
    const from = producerAt(1n);
    for (let name = 0; name < 10; name++) send(from, chunkAt(1n, name));
    expect(checked).toBe(2);
    for (let parent = 1; parent < 100; parent++) send(from, chunkAt(1n, 0, parent));
    expect(checked).toBe(MAX_CHUNKS_PER_HEIGHT);
    expect([blamed, chunks.heldBytes]).toEqual([[], MAX_CHUNKS_PER_HEIGHT * 1_000]);
  });

  test('of the largest is bounded in bytes and goes with finality', async () => {
    for (let height = 1n; height <= 60n; height++) {
      for (let parent = 0; parent < 4; parent++) send(producerAt(height), chunkAt(height, 0, parent), 16 * MIB);
    }
    expect(chunks.heldBytes).toBeGreaterThan(64 * MIB);
    expect(chunks.heldBytes).toBeLessThanOrEqual(HELD_CHUNK_BYTES.total);
    chunks.prune(60n);
    expect(chunks.heldBytes).toBe(0);
  });
});
