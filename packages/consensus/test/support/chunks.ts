import type { ChunkAnnouncement, Hash } from '@heddle/types';
import type { ChunkInput } from '../../src/index.ts';
import { ChunkBench, chunkAt, hashOf, inTurn } from '../../src/testing/index.ts';

/** A chunk of `shard` on `parentHash` of the producer that is `inTurn`; `variant` tells several apart. */
export function announcement(
  shard: number,
  parentHash: Hash,
  height: bigint,
  validatorCount: number,
  variant = 0,
): ChunkAnnouncement {
  return chunkAt({ producers: inTurn(validatorCount, shard + 1), shard, parentHash, height }, variant);
}

/** With n = 4 and height 4, shard 0 is validator 0's. D = 100 ms. */
export function nodeOf(validatorIndex: number, shardCount = 1, validatorCount = 4): ChunkBench {
  const producers = inTurn(validatorCount, shardCount);
  return new ChunkBench({ validatorIndex, validatorCount, shardCount, producers, chunkDeadlineMs: 100 });
}

/** The two parents that chunks stand on. */
export const P1: Hash = hashOf(1);
export const P2: Hash = hashOf(2);

export const work: ChunkInput = { kind: 'work', pending: true };

export function viewInput(
  view: bigint,
  leader: number,
  parentHash: Hash = P1,
  height = 4n,
  missed: readonly number[] = [0],
): ChunkInput {
  return { kind: 'view', view, leader, parentHash, height, missed };
}
