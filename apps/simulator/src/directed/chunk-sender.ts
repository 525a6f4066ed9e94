import { arrivalOf, type ChunkArrival, producerOf, producersOf } from '@heddle/consensus';
import type { Hash } from '@heddle/types';
import { expectThat } from '../engine/violation.ts';
import { chunkOf } from './chunk-bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const VALIDATORS = 7;
const FINAL = 100n;
const PRODUCERS = producersOf(new Uint8Array(32).fill(1), VALIDATORS, 1);

/**
 * A chunk that came unasked is heard from its producer by rule, for a height near the final one, twice at most for one
 * place. Anyone else who sends it is at fault, and so is who makes one when it is not its turn.
 */
export const chunkSender: DirectedScenario = {
  name: 'chunk-sender',
  run: () => {
    for (let above = 1n; above <= BigInt(VALIDATORS); above++) everySender(FINAL + above);
    const far = FINAL + 2n ** 40n;
    expectThat(arrival(producerAt(far), far, producerAt(far)) === 'ignored', 'nobody needs a chunk of a far future');
    expectThat(arrival(producerAt(FINAL), FINAL, producerAt(FINAL)) === 'ignored', 'nor a final one');
    const height = FINAL + 1n;
    const known = [chunkOf(1).chunkHash, chunkOf(2).chunkHash];
    expectThat(arrival(producerAt(height), height, producerAt(height), known) === 'ignored', 'two prove it all');
  },
};

/** The chunk as its producer signed it, and as its sender would have signed it. */
function everySender(height: bigint): void {
  for (let from = 0; from < VALIDATORS; from++) {
    const isProducer = from === producerAt(height);
    expectThat(arrival(from, height, producerAt(height)) === (isProducer ? 'heard' : 'fault'), 'first-hand alone');
    expectThat(arrival(from, height, from) === (isProducer ? 'heard' : 'fault'), 'in turn alone');
  }
}

function arrival(from: number, height: bigint, producer: number, known: readonly Hash[] = []): ChunkArrival {
  const { header, chunkHash } = chunkOf(7);
  const window = { producers: PRODUCERS, finalHeight: FINAL };
  return arrivalOf(window, from, { ...header, height, producer }, chunkHash, known);
}

function producerAt(height: bigint): number {
  return producerOf(PRODUCERS, 0, height) ?? -1;
}
