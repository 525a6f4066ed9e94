import { expectThat } from '../engine/violation.ts';
import { ChunkBench, chunkOf, PRODUCER } from './chunk-bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const LEADER = 2;
const NEXT_LEADER = 3;

/**
 * A follower endorses a chunk when it is executed and durable, not before; one for a parent, whatever else comes; every
 * new leader gets that one; and a second chunk of the producer is evidence.
 */
export const chunkEndorser: DirectedScenario = {
  name: 'chunk-endorser',
  run: () => {
    const bench = new ChunkBench(0);
    const [first, second] = [chunkOf(1n), chunkOf(2n)];
    bench.enter(1n, LEADER);
    bench.receive(first);
    expectThat(bench.kinds().join() === 'validateChunk', `only validated so far: ${bench.kinds().join()}`);
    bench.judge(first, true);
    bench.receive(second);
    bench.judge(second, true);
    expectThat(bench.count('sign') === 1, `one endorsement, not ${bench.count('sign')}`);
    const evidence = bench.effects.filter((effect) => effect.kind === 'evidence').map((effect) => effect.evidence);
    expectThat(evidence[0]?.kind === 'doubleProduce' && evidence[0].culprit === PRODUCER, 'the producer is accused');
    bench.sign();
    bench.enter(2n, NEXT_LEADER);
    const sent = bench.effects.flatMap((effect) => (effect.kind === 'sendEndorsement' ? [effect] : []));
    expectThat(sent.map(({ to }) => to).join() === `${LEADER},${NEXT_LEADER}`, 'each leader gets it');
    expectThat(
      sent.every(({ endorsement }) => endorsement.chunkHash === first.chunkHash),
      'the same one',
    );
    expectThat(bench.count('sign') === 1, 'nothing is signed again');
  },
};
