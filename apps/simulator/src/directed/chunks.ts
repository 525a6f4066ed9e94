import { arrivalOf, type ChunkArrival, producerOf, producersOf } from '@heddle/consensus';
import { type ChunkBench, endorsementOf } from '@heddle/consensus/testing';
import type { Hash } from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';
import { chunkBench, chunkOf, enterView, OTHERS, PARENT, PRODUCER } from './chunk-bench.ts';

const [SELF = 0, ONE = 0, TWO = 0] = OTHERS;
const [LEADER, NEXT_LEADER] = [ONE, TWO];

/**
 * A follower endorses a chunk when it is executed and durable, not before; one for a parent, whatever else comes; every
 * new leader gets that one; a second chunk of the producer is evidence, an invalid one its fault; and a chunk ahead of its
 * time keeps no other waiting.
 */
export const chunkEndorser: DirectedScenario = {
  name: 'chunk-endorser',
  run: (seed) => ENDORSER_CASES[seed % ENDORSER_CASES.length]?.(),
};

const ENDORSER_CASES: readonly (() => void)[] = [oneEndorsement, invalidChunk, unjudgedChunk, earlyChunk];

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

/** All but the leader, in index order. */
const HOLDERS = [ONE, TWO, PRODUCER].toSorted((a, b) => a - b);

/**
 * A leader collects a chunk for its block: it believes a quorum of equal endorsements, each from its signer; fetches a
 * certified chunk that it lacks; and proposes without it only after the deadline of this very view.
 */
export const chunkLeader: DirectedScenario = {
  name: 'chunk-leader',
  run: (seed) => LEADER_CASES[seed % LEADER_CASES.length]?.(),
};

const LEADER_CASES: readonly (() => void)[] = [
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

const SENDERS = 7;
const FINAL = 100n;
const PRODUCERS = producersOf(new Uint8Array(32).fill(1), SENDERS, 1);

/**
 * A chunk that came unasked is heard from its producer by rule, for a height near the final one, twice at most for one
 * place. Anyone else who sends it is at fault, and so is who makes one when it is not its turn.
 */
export const chunkSender: DirectedScenario = {
  name: 'chunk-sender',
  run: () => {
    for (let above = 1n; above <= BigInt(SENDERS); above++) everySender(FINAL + above);
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
  for (let from = 0; from < SENDERS; from++) {
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
