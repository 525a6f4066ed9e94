import { producerOf, producersOf } from '@heddle/consensus';
import { expectThat } from '../engine/violation.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const VALIDATORS = 30;
const SHARDS = 4;
/** Neighbours in the registry with one owner: f of them. */
const OWNED = 9;
/** From so many missed heights in a row on, nobody waits for a shard. */
const DOWN = 6;
const EPOCHS = 40;

/**
 * A third of the validators, neighbours in the registry, has one owner who never builds a chunk. In the registry's order
 * every shard would be down for a while in each round; in the epoch's order hardly ever, and the shards at different times.
 */
export const chunkProducers: DirectedScenario = {
  name: 'chunk-producers',
  run: () => {
    let down = 0;
    let alike = 0;
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      const producers = producersOf(new Uint8Array(32).fill(epoch), VALIDATORS, SHARDS);
      for (let shard = 0; shard < SHARDS; shard++) if (longestMiss(producers, shard) >= DOWN) down++;
      if (producers.every((order) => order.join() === producers[0]?.join())) alike++;
    }
    expectThat(down < (EPOCHS * SHARDS) / 10, `${down} of ${EPOCHS * SHARDS} shards were down`);
    expectThat(alike === 0, 'every shard has an order of its own');
  },
};

/** Heights in a row, over two rounds, at which the owner's validators are in turn. */
function longestMiss(producers: ReturnType<typeof producersOf>, shard: number): number {
  let longest = 0;
  let inRow = 0;
  for (let height = 1n; height <= 2n * BigInt(VALIDATORS); height++) {
    inRow = (producerOf(producers, shard, height) ?? 0) < OWNED ? inRow + 1 : 0;
    longest = Math.max(longest, inRow);
  }
  return longest;
}
