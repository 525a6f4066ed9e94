import { expectThat } from '../engine/violation.ts';
import { ChunkBench, chunkOf, endorsementOf, PARENT } from './chunk-bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const SELF = 0;

/**
 * A leader collects a chunk for its block: it believes a quorum of equal endorsements, each from its signer; fetches a
 * certified chunk that it lacks; and proposes without it only after the deadline of this very view.
 */
export const chunkLeader: DirectedScenario = {
  name: 'chunk-leader',
  run: (seed) => CASES[seed % CASES.length]?.(),
};

const CASES: readonly (() => void)[] = [splitEndorsements, missingChunk, staleDeadline, forgedEndorsement];

function leader(): ChunkBench {
  const bench = new ChunkBench(SELF);
  bench.enter(2n, SELF);
  bench.feed({ kind: 'proposalWanted', view: 2n, parentHash: PARENT });
  return bench;
}

/** Two endorse one chunk, one another: no quorum, and no block with either. */
function splitEndorsements(): void {
  const bench = leader();
  bench.endorse(chunkOf(1n), [1, 2]);
  bench.endorse(chunkOf(2n), [3]);
  expectThat(bench.count('aggregate') === 0, 'three endorsements of two chunks are no quorum');
  bench.endorse(chunkOf(2n), [1]);
  const [evidence] = bench.effects.flatMap((effect) => (effect.kind === 'evidence' ? [effect.evidence] : []));
  expectThat(evidence?.kind === 'doubleEndorse' && evidence.culprit === 1, 'who endorses both is accused');
}

/** All the others have the chunk. The leader asks one of them, and waits until it has it itself. */
function missingChunk(): void {
  const bench = leader();
  const chunk = chunkOf(1n);
  bench.endorse(chunk, [1, 2, 3]);
  bench.certify();
  const [fetch] = bench.effects.flatMap((effect) => (effect.kind === 'fetchChunk' ? [effect] : []));
  expectThat(fetch?.chunkHash === chunk.chunkHash && fetch.holders.join() === '1,2,3', 'it asks who has the chunk');
  expectThat(bench.count('chunksReady') === 0, 'what is not executed here is not proposed');
  bench.feed({ kind: 'chunk', from: 1, announcement: chunk });
  bench.judge(chunk, true);
  const [ready] = bench.effects.flatMap((effect) => (effect.kind === 'chunksReady' ? [effect] : []));
  expectThat(ready?.certificates[0]?.chunkHash === chunk.chunkHash, 'then it proposes with the chunk');
}

/** The deadline of an earlier view rings late. */
function staleDeadline(): void {
  const bench = leader();
  bench.feed({ kind: 'deadline', view: 1n, parentHash: PARENT });
  expectThat(bench.count('chunksReady') === 0, "an earlier view's deadline ends no waiting");
  bench.feed({ kind: 'deadline', view: 2n, parentHash: PARENT });
  expectThat(bench.count('chunksReady') === 1, 'its own does');
}

/** One validator endorses in the names of all. */
function forgedEndorsement(): void {
  const bench = leader();
  for (const signer of [1, 2, 3]) {
    bench.feed({ kind: 'endorsement', from: 3, endorsement: endorsementOf(chunkOf(1n), signer) });
  }
  expectThat(bench.count('aggregate') === 0, 'an endorsement counts from its signer alone');
}
