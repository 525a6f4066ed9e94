import { beforeEach, describe, expect, test } from '@jest/globals';
import { ChunkCache } from '../src/chain/chunk-cache.ts';
import { HELD_CHUNK_BYTES } from '../src/limits.ts';
import { asExecuted, emptyChunkAt, type NamedChunk } from './support/blocks.ts';

const ONE = 'validator-01';
const TWO = 'validator-02';
const LARGE = 16 * 1_024 * 1_024;

let cache: ChunkCache;

beforeEach(() => {
  cache = new ChunkCache();
});

function hold({ hash, chunk }: NamedChunk, from: string, bytes: number): boolean {
  return cache.hold(hash, chunk, from, bytes);
}

describe('what waits', () => {
  test('is found by its hash and, with what is executed, by its place; it ends with being executed', () => {
    const [waiting, done, elsewhere] = [emptyChunkAt(5n, 1), emptyChunkAt(5n, 2), emptyChunkAt(6n, 3)];
    for (const chunk of [waiting, done, elsewhere]) hold(chunk, ONE, 1_000);
    cache.remember(asExecuted(done));
    expect(cache.held(waiting.hash)).toBe(waiting.chunk);
    expect(cache.held(done.hash)).toBeNull();
    expect(cache.get(done.hash)).toBe(done.chunk);
    expect(new Set(cache.at(waiting.chunk.header).keys())).toEqual(new Set([waiting.hash, done.hash]));
    expect(cache.heldBytes).toBe(2_000);
  });

  test('is held once', () => {
    const chunk = emptyChunkAt(5n);
    expect(hold(chunk, ONE, 1_000)).toBe(true);
    expect(hold(chunk, TWO, 1_000)).toBe(true);
    expect(cache.heldBytes).toBe(1_000);
  });
});

describe('bounds in bytes', () => {
  test('who sends too much loses its own oldest and nobody else’s', () => {
    const modest = emptyChunkAt(5n);
    hold(modest, TWO, 1_000);
    const flood = Array.from({ length: 40 }, (_, i) => emptyChunkAt(6n, i));
    for (const chunk of flood) hold(chunk, ONE, LARGE);
    expect(cache.heldBytes).toBeLessThanOrEqual(HELD_CHUNK_BYTES.perSender + 1_000);
    expect(cache.held(modest.hash)).toBe(modest.chunk);
    expect(flood.filter(({ hash }) => cache.held(hash) !== null)).toEqual(flood.slice(-2));
    expect(hold(emptyChunkAt(7n), ONE, HELD_CHUNK_BYTES.perSender + 1)).toBe(false);
  });

  test('a third of a hundred senders can’t take the room of the others', () => {
    for (let liar = 0; liar < 33; liar++) {
      for (let i = 0; i < 4; i++) hold(emptyChunkAt(6n, liar * 10 + i), `liar-${liar}`, LARGE);
    }
    expect(cache.heldBytes).toBeLessThanOrEqual(HELD_CHUNK_BYTES.total);
    const honest = Array.from({ length: 67 }, (_, i) => emptyChunkAt(5n, i));
    honest.forEach((chunk, i) => {
      expect(hold(chunk, `honest-${i}`, 2 * 1_024 * 1_024)).toBe(true);
    });
    expect(cache.heldBytes).toBeLessThanOrEqual(HELD_CHUNK_BYTES.total);
    expect(honest.every(({ hash }) => cache.held(hash) !== null)).toBe(true);
  });

  test('what is at or below a final height goes, what is above stays', () => {
    const [below, above] = [emptyChunkAt(5n), emptyChunkAt(6n)];
    const [done, doneAbove] = [emptyChunkAt(5n, 2), emptyChunkAt(6n, 2)];
    for (const chunk of [below, above]) hold(chunk, ONE, 1_000);
    for (const chunk of [done, doneAbove]) cache.remember(asExecuted(chunk));
    cache.prune(5n);
    expect([cache.held(below.hash), cache.executed(done.hash)]).toEqual([null, null]);
    expect(cache.held(above.hash)).toBe(above.chunk);
    expect(cache.executed(doneAbove.hash)).not.toBeNull();
    expect(cache.heldBytes).toBe(1_000);
  });
});
