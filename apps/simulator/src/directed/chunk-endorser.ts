import type { ChunkBench } from '@heddle/consensus/testing';
import { expectThat } from '../engine/violation.ts';
import { chunkBench, chunkOf, enterView, OTHERS, PRODUCER } from './chunk-bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const [SELF = 0, LEADER = 0, NEXT_LEADER = 0] = OTHERS;

/**
 * A follower endorses a chunk when it is executed and durable, not before; one for a parent, whatever else comes; every
 * new leader gets that one; a second chunk of the producer is evidence, an invalid one its fault; and a chunk ahead of its
 * time keeps no other waiting.
 */
export const chunkEndorser: DirectedScenario = {
  name: 'chunk-endorser',
  run: (seed) => CASES[seed % CASES.length]?.(),
};

const CASES: readonly (() => void)[] = [oneEndorsement, invalidChunk, unjudgedChunk, earlyChunk];

function follower(): ChunkBench {
  const bench = chunkBench(SELF);
  enterView(bench, 1n, LEADER);
  return bench;
}

function oneEndorsement(): void {
  const bench = follower();
  const [first, second, third] = [chunkOf(1), chunkOf(2), chunkOf(3)];
  bench.receive(first);
  expectThat(bench.kinds().join() === 'validateChunk', `only validated so far: ${bench.kinds().join()}`);
  bench.judge(first, 'valid');
  bench.receive(second);
  bench.judge(second, 'valid');
  expectThat(bench.count('sign') === 1, `one endorsement, not ${bench.count('sign')}`);
  const evidence = bench.effects.filter((effect) => effect.kind === 'evidence').map((effect) => effect.evidence);
  expectThat(evidence[0]?.kind === 'doubleProduce' && evidence[0].culprit === PRODUCER, 'the producer is accused');
  bench.receive(third);
  expectThat(bench.count('evidence') === 1, 'what is more than two is not heard');
  bench.sign();
  enterView(bench, 2n, NEXT_LEADER);
  const sent = bench.effects.flatMap((effect) => (effect.kind === 'sendEndorsement' ? [effect] : []));
  expectThat(sent.map(({ to }) => to).join() === `${LEADER},${NEXT_LEADER}`, 'each leader gets it');
  expectThat(
    sent.every(({ endorsement }) => endorsement.chunkHash === first.chunkHash),
    'the same one',
  );
  expectThat(bench.count('sign') === 1, 'nothing is signed again');
}

/** It bears the producer's signature: nobody else can be to blame. */
function invalidChunk(): void {
  const bench = follower();
  bench.receive(chunkOf(1));
  bench.judge(chunkOf(1), 'invalid');
  expectThat(bench.blocked().join() === `${PRODUCER}`, 'the producer is blocked');
}

/** Its parent has fallen below the final block meanwhile, or it gave way to others. */
function unjudgedChunk(): void {
  const bench = follower();
  bench.receive(chunkOf(1));
  bench.judge(chunkOf(1), 'gone');
  expectThat(bench.blocked().length === 0, 'what this node can’t judge is nobody’s fault');
}

/** The first is ahead of its time; the second is not, and comes first. Alone, the first waits for its time. */
function earlyChunk(): void {
  const [early, timely] = [chunkOf(9), chunkOf(1)];
  const overtaken = follower();
  overtaken.receive(early);
  overtaken.judge(early, 'early');
  expectThat(overtaken.blocked().length === 0, 'clocks differ');
  overtaken.receive(timely);
  expectThat(overtaken.count('validateChunk') === 2, 'who waits for its time occupies nobody’s place');
  const alone = follower();
  alone.receive(early);
  alone.judge(early, 'early');
  alone.feed({ kind: 'timely', chunkHash: early.chunkHash });
  alone.judge(early, 'valid');
  expectThat(alone.count('sign') === 1, 'in time it is endorsed');
}
