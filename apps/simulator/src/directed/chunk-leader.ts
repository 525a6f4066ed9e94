import { type ChunkBench, endorsementOf } from '@heddle/consensus/testing';
import { expectThat } from '../engine/violation.ts';
import { chunkBench, chunkOf, enterView, OTHERS, PARENT, PRODUCER } from './chunk-bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const [SELF = 0, ONE = 0, TWO = 0] = OTHERS;
/** All but the leader, in index order. */
const HOLDERS = [ONE, TWO, PRODUCER].toSorted((a, b) => a - b);

/**
 * A leader collects a chunk for its block: it believes a quorum of equal endorsements, each from its signer; fetches a
 * certified chunk that it lacks; and proposes without it only after the deadline of this very view.
 */
export const chunkLeader: DirectedScenario = {
  name: 'chunk-leader',
  run: (seed) => CASES[seed % CASES.length]?.(),
};

const CASES: readonly (() => void)[] = [
  splitEndorsements,
  missingChunk,
  staleDeadline,
  forgedEndorsement,
  badEndorsement,
  certifiedThird,
];

function leader(): ChunkBench {
  const bench = chunkBench(SELF);
  enterView(bench, 2n, SELF);
  bench.feed({ kind: 'proposalWanted', view: 2n, parentHash: PARENT });
  return bench;
}

/** Two endorse one chunk, one another: no quorum, and no block with either. */
function splitEndorsements(): void {
  const bench = leader();
  bench.endorse(chunkOf(1), [ONE, TWO]);
  bench.endorse(chunkOf(2), [PRODUCER]);
  expectThat(bench.count('aggregate') === 0, 'three endorsements of two chunks are no quorum');
  bench.endorse(chunkOf(2), [ONE]);
  const [evidence] = bench.effects.flatMap((effect) => (effect.kind === 'evidence' ? [effect.evidence] : []));
  expectThat(evidence?.kind === 'doubleEndorse' && evidence.culprit === ONE, 'who endorses both is accused');
}

/** All the others have the chunk. The leader asks one of them, and waits until it has it itself. */
function missingChunk(): void {
  const bench = leader();
  const chunk = chunkOf(1);
  bench.endorse(chunk, HOLDERS);
  bench.certify();
  const [fetch] = bench.effects.flatMap((effect) => (effect.kind === 'fetchChunk' ? [effect] : []));
  const isAsked = fetch?.chunkHash === chunk.chunkHash && fetch.holders.join() === HOLDERS.join();
  expectThat(isAsked, 'it asks who has the chunk');
  expectThat(bench.count('chunksReady') === 0, 'what is not executed here is not proposed');
  bench.receive(chunk);
  bench.judge(chunk, 'valid');
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

/** One validator endorses in the names of all. On a parent that is not known here that may be another epoch's numbering. */
function forgedEndorsement(): void {
  const unaware = chunkBench(SELF);
  unaware.feed({ kind: 'endorsement', from: TWO, endorsement: endorsementOf(chunkOf(1), ONE) });
  expectThat(unaware.blocked().length === 0, 'without the parent nobody knows the epoch');
  const bench = leader();
  for (const signer of HOLDERS) {
    bench.feed({ kind: 'endorsement', from: TWO, endorsement: endorsementOf(chunkOf(1), signer) });
  }
  expectThat(bench.count('aggregate') === 0, 'an endorsement counts from its signer alone');
  expectThat(
    bench.blocked().every((peer) => peer === TWO) && bench.blocked().length > 0,
    'and the impostor is blocked',
  );
}

/** One of a quorum's signatures is bad. */
function badEndorsement(): void {
  const bench = leader();
  bench.endorse(chunkOf(1), HOLDERS);
  const [asked] = bench.effects.flatMap((effect) => (effect.kind === 'aggregate' ? [effect.requestId] : []));
  bench.feed({ kind: 'aggregated', requestId: asked ?? -1, result: { ok: false, badSigners: [ONE] } });
  expectThat(bench.blocked().join() === `${ONE}`, 'its signer is blocked, nobody else');
  expectThat(bench.count('chunksReady') === 0, 'two are no quorum');
}

/** The producer signed three chunks, and the others endorsed the one that this leader did not hear. Its time is theirs. */
function certifiedThird(): void {
  const bench = leader();
  const [first, second, third] = [chunkOf(1), chunkOf(2), chunkOf(3)];
  bench.receive(first);
  bench.judge(first, 'early');
  bench.receive(second);
  bench.judge(second, 'early');
  bench.endorse(third, HOLDERS);
  bench.certify();
  bench.receive(third);
  const asked = bench.effects.flatMap((effect) => (effect.kind === 'validateChunk' ? [effect] : [])).at(-1);
  expectThat(asked?.announcement.chunkHash === third.chunkHash, 'what a quorum has certified finds room');
  expectThat(asked?.judgeTime === false, 'and a quorum stands for its time');
}
