import { producerOf, producersOf } from '@heddle/consensus';
import { ChunkBench, chunkAt, hashOf } from '@heddle/consensus/testing';
import type { ChunkAnnouncement, Hash } from '@heddle/types';

/** Four validators, one shard. The chunk at HEIGHT on PARENT is validator PRODUCER's to make. */
export const PARENT: Hash = hashOf(1);
export const HEIGHT = 5n;
const VALIDATORS = 4;
const SHARD = 0;
const PRODUCERS = producersOf(new Uint8Array(32), VALIDATORS, 1);
export const PRODUCER: number = producerOf(PRODUCERS, SHARD, HEIGHT) ?? 0;
/** The others, in index order: the first is the validator under test. */
export const OTHERS: readonly number[] = [0, 1, 2, 3].filter((index) => index !== PRODUCER);

/** The chunk protocol of one validator. */
export function chunkBench(validatorIndex: number): ChunkBench {
  const place = { validatorIndex, validatorCount: VALIDATORS, shardCount: 1 };
  return new ChunkBench({ ...place, producers: PRODUCERS, chunkDeadlineMs: 100 });
}

export function enterView(bench: ChunkBench, view: bigint, leader: number): void {
  bench.feed({ kind: 'view', view, leader, parentHash: PARENT, height: HEIGHT, missed: [0] });
}

/** The producer's chunk; `variant` tells several apart. */
export function chunkOf(variant: number): ChunkAnnouncement {
  return chunkAt({ producers: PRODUCERS, shard: SHARD, parentHash: PARENT, height: HEIGHT }, variant);
}
