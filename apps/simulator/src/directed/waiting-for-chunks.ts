import { proposalDeadlineMs } from '@heddle/consensus';
import type { ChunkBench } from '@heddle/consensus/testing';
import { MAX_MISSED_HEIGHTS } from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';
import { chunkBench, chunkOf, enterView, PARENT } from './chunk-bench.ts';

const SELF = 0;
const DEADLINE_MS = 100;
/** What a shard needs for one chunk, from the reference machine to one six hundred times slower. */
const NEEDED_MS = [700, 7_000, 67_000, 400_000];
const SET_SIZES = [4, 5, 7, 8, 16];
/** Time to get a chunk through, as a multiple of what it needs, after what the caps of short waits cost. */
const MOST_TIMES = 25;
/** The same where waiting costs nobody anything: the deadline grows by half with every height. */
const ALONE_TIMES = 4.5;
const SHORT_WAITS_MS = 60_000;
const DEAD_HEIGHTS = 20_000;
/** D that a dead shard costs the others for each height, on average. */
const MOST_DEADLINES = 7;

/**
 * A leader waits for a shard as long as it needs, however slow, without its being dead slowing the others much; and it
 * does not propose without a chunk that is under way, though not for ever.
 */
export const patientLeader: DirectedScenario = {
  name: 'patient-leader',
  run: (seed) => CASES[seed % CASES.length]?.(),
};

const CASES: readonly (() => void)[] = [slowShard, slowNetwork, deadShard, chunkUnderWay, endlessChunk, certifiedChunk];

/** One validator is down, and it is the slow shard's producer at some of the heights. */
function slowShard(): void {
  for (const neededMs of NEEDED_MS) {
    for (const size of SET_SIZES) {
      for (let down = 0; down < size; down++) {
        const tookMs = timeToChunk(neededMs, (height) => height % size !== down, [0]);
        const mostMs = MOST_TIMES * neededMs + SHORT_WAITS_MS;
        expectThat(tookMs <= mostMs, `a chunk of ${neededMs} ms took ${tookMs} ms with ${down} of ${size} down`);
      }
    }
  }
}

/** There is no other shard to be slowed down. */
function slowNetwork(): void {
  for (const neededMs of NEEDED_MS) {
    const tookMs = timeToChunk(neededMs, () => true, []);
    expectThat(tookMs <= ALONE_TIMES * neededMs, `alone, a chunk of ${neededMs} ms took ${tookMs} ms`);
  }
}

/** Virtual ms until a height whose leader waits long enough and whose producer is up; `others` missed so many heights. */
function timeToChunk(neededMs: number, isUp: (height: number) => boolean, others: readonly number[]): number {
  let passedMs = 0;
  let missed = 0;
  for (let height = 0; height < DEAD_HEIGHTS; height++) {
    const waitMs = proposalDeadlineMs(DEADLINE_MS, [...others, missed]);
    if (isUp(height) && waitMs >= neededMs) return passedMs + neededMs;
    passedMs += waitMs;
    missed = missed > MAX_MISSED_HEIGHTS && isUp(height) ? 0 : missed + 1;
  }
  return Number.POSITIVE_INFINITY;
}

function deadShard(): void {
  let waitedMs = 0;
  for (let missed = 0; missed < DEAD_HEIGHTS; missed++) waitedMs += proposalDeadlineMs(DEADLINE_MS, [0, missed]);
  const mostMs = MOST_DEADLINES * DEADLINE_MS * DEAD_HEIGHTS;
  expectThat(waitedMs <= mostMs, `a dead shard costs ${waitedMs} ms in ${DEAD_HEIGHTS} heights`);
}

function leader(): ChunkBench {
  const bench = chunkBench(SELF);
  enterView(bench, 2n, SELF);
  bench.feed({ kind: 'proposalWanted', view: 2n, parentHash: PARENT });
  return bench;
}

function leaderThatChecks(): ChunkBench {
  const bench = leader();
  bench.receive(chunkOf(1));
  return bench;
}

/** The chunk is here and being checked when its deadline passes. */
function chunkUnderWay(): void {
  const bench = leaderThatChecks();
  bench.feed({ kind: 'deadline', view: 2n, parentHash: PARENT });
  expectThat(bench.count('chunksReady') === 0, 'a chunk that is being checked is not left out');
}

/** A quorum has endorsed a chunk that is not here yet. */
function certifiedChunk(): void {
  const bench = leader();
  bench.endorse(chunkOf(1), [1, 2, 3]);
  bench.certify();
  for (let times = 0; times < 3; times++) bench.feed({ kind: 'deadline', view: 2n, parentHash: PARENT });
  expectThat(bench.count('chunksReady') === 0, 'a chunk that a quorum has endorsed is not left out');
}

/** Its check never ends. */
function endlessChunk(): void {
  const bench = leaderThatChecks();
  for (let times = 0; times < 50; times++) bench.feed({ kind: 'deadline', view: 2n, parentHash: PARENT });
  expectThat(bench.count('chunksReady') === 1, 'a chunk that is never there is left out in the end');
}
