import { beforeEach, describe, expect, test } from '@jest/globals';
import { ChunkCache } from '../src/chain/chunk-cache.ts';
import { MAX_HELD_CHUNKS_PER_SENDER } from '../src/limits.ts';
import { asExecuted, emptyChunkAt } from './support/blocks.ts';

let cache: ChunkCache;
const genuine = emptyChunkAt(5n, 1, 0);
const forged = emptyChunkAt(5n, 1, 0xff);
const HONEST = 'validator-01';
const LIAR = 'validator-02';

beforeEach(() => {
  cache = new ChunkCache();
});

describe('copies under one hash', () => {
  test.each([
    ['before', [forged, genuine], [LIAR, HONEST]],
    ['after', [genuine, forged], [HONEST, LIAR]],
  ])('a forged copy that comes %s the genuine one displaces nothing', (_when, copies, senders) => {
    expect(forged.hash).toBe(genuine.hash);
    copies.forEach(({ hash, chunk }, i) => {
      cache.hold(hash, chunk, senders[i] ?? '');
    });
    expect(cache.heldFrom(genuine.hash, HONEST)).toBe(genuine.chunk);
    expect(cache.heldFrom(genuine.hash, LIAR)).toBe(forged.chunk);
    expect(new Set(cache.copies(genuine.hash))).toEqual(new Set([genuine.chunk, forged.chunk]));
  });

  test('of one sender the last one stands', () => {
    cache.hold(forged.hash, forged.chunk, LIAR);
    cache.hold(genuine.hash, genuine.chunk, LIAR);
    expect(cache.copies(genuine.hash)).toEqual([genuine.chunk]);
  });

  test('are not needed once the chunk is executed', () => {
    cache.hold(forged.hash, forged.chunk, LIAR);
    cache.remember(asExecuted(genuine));
    expect(cache.copies(genuine.hash)).toEqual([]);
    cache.hold(forged.hash, forged.chunk, LIAR);
    expect(cache.copies(genuine.hash)).toEqual([]);
    expect(cache.executed(genuine.hash)?.chunk).toBe(genuine.chunk);
  });
});

describe('bounds', () => {
  test('who sends too much loses its own oldest and nobody else’s', () => {
    cache.hold(genuine.hash, genuine.chunk, HONEST);
    const flood = Array.from({ length: MAX_HELD_CHUNKS_PER_SENDER + 3 }, (_, i) => emptyChunkAt(6n, i));
    for (const { hash, chunk } of flood) cache.hold(hash, chunk, LIAR);
    expect(cache.heldFrom(genuine.hash, HONEST)).toBe(genuine.chunk);
    const kept = flood.filter(({ hash }) => cache.heldFrom(hash, LIAR) !== null);
    expect(kept).toEqual(flood.slice(3));
  });

  test('what is at or below a final height goes, what is above stays', () => {
    const above = emptyChunkAt(6n);
    const done = emptyChunkAt(5n, 2);
    const doneAbove = emptyChunkAt(6n, 2);
    cache.hold(genuine.hash, genuine.chunk, HONEST);
    cache.hold(above.hash, above.chunk, LIAR);
    cache.remember(asExecuted(done));
    cache.remember(asExecuted(doneAbove));
    cache.prune(5n);
    expect(cache.copies(genuine.hash)).toEqual([]);
    expect(cache.executed(done.hash)).toBeNull();
    expect(cache.copies(above.hash)).toEqual([above.chunk]);
    expect(cache.executed(doneAbove.hash)).not.toBeNull();
  });
});
