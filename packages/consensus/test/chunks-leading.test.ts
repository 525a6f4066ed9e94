import { describe, expect, test } from '@jest/globals';
import type { ChunkInput } from '../src/index.ts';
import { type ChunkBench, endorsementOf } from '../src/testing/index.ts';
import { announcement, nodeOf, P1, P2, viewInput, work } from './support/chunks.ts';

describe('leading', () => {
  /** A leader (validator 2) that has the chunk of its one shard, valid, with its own endorsement. */
  function leaderWithChunk(): { node: ChunkBench; chunk: ReturnType<typeof announcement> } {
    const node = nodeOf(2);
    const chunk = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: chunk });
    node.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'valid' });
    node.sign();
    return { node, chunk };
  }

  test('aggregates at the quorum and answers at once, in either order of wish and quorum', () => {
    for (const wishFirst of [true, false]) {
      const { node, chunk } = leaderWithChunk();
      const wish: ChunkInput = { kind: 'proposalWanted', view: 1n, parentHash: P1 };
      if (wishFirst) {
        node.feed(wish);
        expect(node.last).toEqual([{ kind: 'setDeadline', view: 1n, parentHash: P1, delayMs: 100 }]);
      }
      node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(chunk, 1) });
      expect(node.last).toEqual([]);
      node.feed({ kind: 'endorsement', from: 0, endorsement: endorsementOf(chunk, 0) });
      expect(node.latest('aggregate').endorsements.map(({ signer }) => signer)).toEqual([0, 1, 2]);
      node.certify();
      if (!wishFirst) node.feed(wish);
      expect(node.lastKinds()).toEqual(['chunksReady']);
      expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(chunk.chunkHash);
      node.feed(wish, { kind: 'deadline', view: 1n, parentHash: P1 });
      expect(node.only('chunksReady')).toHaveLength(1);
    }
  });

  test('drops bad signers, hears them no more, and aggregates again at the next quorum', () => {
    const { node, chunk } = leaderWithChunk();
    node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(chunk, 1) });
    node.feed({ kind: 'endorsement', from: 0, endorsement: endorsementOf(chunk, 0) });
    const { requestId } = node.latest('aggregate');
    node.feed({ kind: 'aggregated', requestId, result: { ok: false, badSigners: [1] } });
    expect(node.last).toEqual([{ kind: 'blockPeer', peer: 1, reason: 'endorsement: bad signature' }]);
    node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(chunk, 1) });
    expect(node.last).toEqual([]);
    node.feed({ kind: 'endorsement', from: 3, endorsement: endorsementOf(chunk, 3) });
    expect(node.latest('aggregate').endorsements.map(({ signer }) => signer)).toEqual([0, 2, 3]);
  });

  test('at the deadline proposes without the missing ones, even nothing', () => {
    const { node, chunk } = leaderWithChunk();
    node.feed({ kind: 'proposalWanted', view: 1n, parentHash: P1 });
    // It has endorsed the chunk itself: some others' endorsements may be on their way.
    node.feed({ kind: 'deadline', view: 1n, parentHash: P1 });
    expect(node.last).toEqual([{ kind: 'setDeadline', view: 1n, parentHash: P1, delayMs: 50 }]);
    node.feed({ kind: 'deadline', view: 1n, parentHash: P1 });
    expect(node.last).toEqual([{ kind: 'chunksReady', view: 1n, parentHash: P1, certificates: [null] }]);
    const empty = nodeOf(3, 2);
    empty.feed(viewInput(7n, 3, P1, 4n, [1, 0]), { kind: 'proposalWanted', view: 7n, parentHash: P1 });
    expect(empty.latest('setDeadline').delayMs).toBe(150);
    empty.feed({ kind: 'deadline', view: 7n, parentHash: P1 });
    expect(empty.latest('chunksReady').certificates).toEqual([null, null]);
    expect(chunk.header.shard).toBe(0);
  });

  test('at the deadline waits on for a chunk that is being executed here, and while endorsements come, up to a cap', () => {
    const node = nodeOf(2);
    const chunk = announcement(0, P1, 4n, 4);
    const deadline = { kind: 'deadline', view: 1n, parentHash: P1 } as const;
    node.feed(viewInput(1n, 2), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    node.feed({ kind: 'chunk', announcement: chunk });
    expect(node.feed(deadline)).toEqual([{ kind: 'setDeadline', view: 1n, parentHash: P1, delayMs: 50 }]);
    node.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'valid' }, deadline);
    expect(node.latest('setDeadline').delayMs).toBe(75);
    node.sign();
    node.feed({ kind: 'endorsement', from: 0, endorsement: endorsementOf(chunk, 0) }, deadline);
    expect(node.latest('setDeadline').delayMs).toBe(112.5);
    node.feed(deadline);
    expect(node.latest('chunksReady').certificates).toEqual([null]);

    const endless = nodeOf(2);
    endless.feed(viewInput(1n, 2), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    endless.feed({ kind: 'chunk', announcement: chunk });
    for (let times = 0; times < 20; times++) endless.feed(deadline);
    const waits = endless.only('setDeadline').map(({ delayMs }) => delayMs);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(12_001);
    expect(endless.only('chunksReady')).toHaveLength(1);
  });

  test('answers once a view; a new view on the same parent uses the same certificates', () => {
    const { node, chunk } = leaderWithChunk();
    for (const signer of [0, 1])
      node.feed({ kind: 'endorsement', from: signer, endorsement: endorsementOf(chunk, signer) });
    node.certify();
    node.feed({ kind: 'proposalWanted', view: 1n, parentHash: P1 }, viewInput(5n, 2));
    node.feed({ kind: 'proposalWanted', view: 5n, parentHash: P1 });
    expect(node.only('chunksReady').map(({ view }) => view)).toEqual([1n, 5n]);
    expect(node.only('aggregate')).toHaveLength(1);
    // Older views' timers and wishes are void.
    node.feed({ kind: 'deadline', view: 1n, parentHash: P1 }, { kind: 'proposalWanted', view: 4n, parentHash: P1 });
    expect(node.last).toEqual([]);
  });

  test('a new view ends the old wish with its timer; a turn of the parent sets no second one', () => {
    const node = nodeOf(2);
    node.feed(viewInput(1n, 2), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    node.feed(viewInput(1n, 2, P2, 5n));
    expect(node.only('setDeadline')).toHaveLength(1);
    node.feed(viewInput(2n, 3, P2, 5n), { kind: 'deadline', view: 1n, parentHash: P1 });
    expect(node.last).toEqual([]);
  });

  test('a wish that comes before its view waits for it without a timer', () => {
    const node = nodeOf(2);
    expect(node.feed({ kind: 'proposalWanted', view: 3n, parentHash: P1 })).toEqual([]);
    node.feed(viewInput(3n, 2, P1, 4n, [2]));
    expect(node.lastKinds()).toEqual(['setDeadline']);
    expect(node.latest('setDeadline').delayMs).toBe(225);
  });

  test('a wish for a parent that the view does not name still ends at the deadline', () => {
    const node = nodeOf(2);
    node.feed(viewInput(3n, 2), { kind: 'proposalWanted', view: 3n, parentHash: P2 });
    expect(node.latest('setDeadline')).toMatchObject({ parentHash: P2, delayMs: 100 });
    node.feed({ kind: 'deadline', view: 3n, parentHash: P2 });
    expect(node.latest('chunksReady')).toMatchObject({ parentHash: P2, certificates: [null] });
  });

  test('certified but not valid here: fetched if unknown, validated if known, else left out', () => {
    const node = nodeOf(2);
    const chunk = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    for (const from of [0, 1, 3]) node.feed({ kind: 'endorsement', from, endorsement: endorsementOf(chunk, from) });
    node.certify();
    expect(node.last).toEqual([
      { kind: 'fetchChunk', shard: 0, parentHash: P1, chunkHash: chunk.chunkHash, holders: [0, 1, 3] },
    ]);
    node.feed({ kind: 'chunk', announcement: chunk });
    expect(node.lastKinds()).toEqual(['validateChunk']);
    node.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'valid' });
    expect(node.lastKinds()).toContain('chunksReady');
    expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(chunk.chunkHash);
  });

  test('a certified chunk is validated even after another was endorsed', () => {
    const { node } = leaderWithChunk();
    const other = announcement(0, P1, 4n, 4, 1);
    node.feed({ kind: 'chunk', announcement: other });
    for (const from of [0, 1, 3]) node.feed({ kind: 'endorsement', from, endorsement: endorsementOf(other, from) });
    node.certify();
    // A quorum stands for its time.
    expect(node.last).toEqual([{ kind: 'validateChunk', announcement: other, judgeTime: false }]);
    node.feed({ kind: 'validated', chunkHash: other.chunkHash, verdict: 'valid' });
    expect(node.only('sign')).toHaveLength(1);
    node.feed({ kind: 'proposalWanted', view: 1n, parentHash: P1 });
    expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(other.chunkHash);
  });

  test('a heartbeat: the leader builds its own shard without work', () => {
    const node = nodeOf(0);
    node.feed(viewInput(1n, 0), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    expect(node.lastKinds()).toEqual(['buildChunk', 'setDeadline']);
  });

  test('an endorsement counts only from its signer; a second different one is evidence, once', () => {
    const { node, chunk } = leaderWithChunk();
    const other = announcement(0, P1, 4n, 4, 1);
    node.feed({ kind: 'endorsement', from: 3, endorsement: endorsementOf(chunk, 1) });
    expect(node.last).toEqual([{ kind: 'blockPeer', peer: 3, reason: 'endorsement: not of its sender' }]);
    node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(other, 1) });
    for (let i = 0; i < 3; i++) node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(chunk, 1) });
    expect(node.only('evidence').map(({ evidence }) => evidence)).toEqual([
      { kind: 'doubleEndorse', culprit: 1, first: endorsementOf(other, 1), second: endorsementOf(chunk, 1) },
    ]);
    // The first one counts: no quorum for `chunk` out of 0, 1, 2.
    node.feed({ kind: 'endorsement', from: 0, endorsement: endorsementOf(chunk, 0) });
    expect(node.only('aggregate')).toEqual([]);
  });
});

test('a single validator certifies by itself', () => {
  const node = nodeOf(0, 1, 1);
  node.feed(work, viewInput(1n, 0), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
  const { header, chunkHash } = announcement(0, P1, 4n, 1);
  node.feed({ kind: 'built', parentHash: P1, header, chunkHash });
  node.sign();
  node.sign();
  node.certify();
  expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(chunkHash);
  expect(node.only('sendEndorsement')).toEqual([]);
});
