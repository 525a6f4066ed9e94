import { describe, expect, test } from '@jest/globals';
import { shardDeadlineMs } from '../src/chunks/rules/deadline.ts';
import { type ChunkInput, isPatientHeight, proposalDeadlineMs } from '../src/index.ts';
import { announcement, ChunkNode, endorsementOf, hashOf, SIGNATURE } from './chunks-fixtures.ts';

const P1 = hashOf(1);
const P2 = hashOf(2);

function viewInput(
  view: bigint,
  leader: number,
  parentHash = P1,
  height = 4n,
  missed: readonly number[] = [0],
): ChunkInput {
  return { kind: 'view', view, leader, parentHash, height, missed };
}

/** With n = 4 and height 4, shard 0 is validator 0's. */
function nodeOf(validatorIndex: number, shardCount = 1, validatorCount = 4): ChunkNode {
  return new ChunkNode({ validatorIndex, validatorCount, shardCount, chunkDeadlineMs: 100 });
}

const work: ChunkInput = { kind: 'work', pending: true };

describe('production', () => {
  test('an idle producer does nothing; with work it builds, signs, sends, endorses', () => {
    const node = nodeOf(0);
    expect(node.feed(viewInput(1n, 2))).toEqual([]);
    expect(node.feed(work)).toEqual([{ kind: 'buildChunk', shard: 0, parentHash: P1, height: 4n }]);
    const { header, chunkHash } = announcement(0, P1, 4n, 4);
    node.feed({ kind: 'built', parentHash: P1, header, chunkHash });
    expect(node.latest('sign').request).toEqual({
      kind: 'produce',
      shard: 0,
      parentBlockHash: P1,
      chunkHash,
      height: 4n,
    });
    node.sign();
    expect(node.kinds()).toEqual(['broadcastChunk', 'sign']);
    expect(node.latest('sign').request.kind).toBe('endorse');
    node.sign();
    expect(node.last).toEqual([
      { kind: 'sendEndorsement', to: 2, endorsement: endorsementOf(announcement(0, P1, 4n, 4), 0) },
    ]);
  });

  test('builds once for a parent, whatever the views do, and again for another parent', () => {
    const node = nodeOf(0);
    node.feed(work, viewInput(1n, 2), viewInput(2n, 3), { kind: 'work', pending: false }, work, viewInput(3n, 1));
    expect(node.effects('buildChunk')).toHaveLength(1);
    node.feed(viewInput(4n, 1, P2, 4n), viewInput(5n, 1));
    expect(node.effects('buildChunk').map((effect) => effect.parentHash)).toEqual([P1, P2]);
  });

  test('a failed build and a refused signature end it', () => {
    const failed = nodeOf(0);
    failed.feed(work, viewInput(1n, 2), { kind: 'buildFailed', parentHash: P1, shard: 0 }, viewInput(2n, 2));
    expect(failed.effects('buildChunk')).toHaveLength(1);
    const refused = nodeOf(0);
    const { header, chunkHash } = announcement(0, P1, 4n, 4);
    refused.feed(work, viewInput(1n, 2), { kind: 'built', parentHash: P1, header, chunkHash });
    refused.feed({ kind: 'signRefused', requestId: refused.latest('sign').requestId, reason: 'earlier life' });
    expect(refused.last).toEqual([]);
    // The chunk of the earlier life comes back from a peer and is endorsed like any other.
    const earlier = announcement(0, P1, 4n, 4, 1);
    refused.feed({ kind: 'chunk', announcement: earlier });
    refused.feed({ kind: 'validated', chunkHash: earlier.chunkHash, verdict: 'valid' });
    expect(refused.latest('sign').request.kind).toBe('endorse');
  });

  test('a producer of several shards builds them all', () => {
    const node = nodeOf(0, 2, 1);
    node.feed(work, viewInput(1n, 0, P1, 4n, [0, 0]));
    expect(node.effects('buildChunk').map((effect) => effect.shard)).toEqual([0, 1]);
  });
});

describe('endorsing', () => {
  test('validates and endorses without work of its own, once, the first valid chunk', () => {
    const node = nodeOf(1);
    const first = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: first });
    expect(node.last).toEqual([{ kind: 'validateChunk', announcement: first, judgeTime: true }]);
    node.feed({ kind: 'validated', chunkHash: first.chunkHash, verdict: 'valid' });
    expect(node.latest('sign').request.kind).toBe('endorse');
    node.sign();
    expect(node.latest('sendEndorsement').to).toBe(2);
    node.feed({ kind: 'chunk', announcement: first });
    expect(node.last).toEqual([]);
    const second = announcement(0, P1, 4n, 4, 1);
    node.feed({ kind: 'chunk', announcement: second });
    expect(node.last).toEqual([{ kind: 'evidence', evidence: { kind: 'doubleProduce', culprit: 0, first, second } }]);
  });

  test('each new leader on the parent gets the endorsement once more, a leader itself sends none', () => {
    const node = nodeOf(1);
    const chunk = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: chunk });
    node.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'valid' });
    node.sign();
    node.feed(viewInput(1n, 2), viewInput(2n, 3), viewInput(3n, 1), viewInput(4n, 0), viewInput(5n, 0, P2, 5n));
    expect(node.effects('sendEndorsement').map((effect) => effect.to)).toEqual([2, 3, 0]);
  });

  test('after an invalid chunk the next one gets its chance', () => {
    const node = nodeOf(1);
    const bad = announcement(0, P1, 4n, 4);
    const good = announcement(0, P1, 4n, 4, 1);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: bad }, { kind: 'chunk', announcement: good });
    expect(node.effects('validateChunk')).toHaveLength(1);
    node.feed({ kind: 'validated', chunkHash: bad.chunkHash, verdict: 'invalid' });
    expect(node.kinds()).toEqual(['blockPeer', 'validateChunk']);
    expect(node.latest('validateChunk').announcement).toBe(good);
  });

  test('an invalid chunk blames its producer, one that can’t be judged here blames nobody', () => {
    const chunk = announcement(0, P1, 4n, 4);
    const invalid = nodeOf(1);
    invalid.feed(viewInput(1n, 2), { kind: 'chunk', announcement: chunk });
    invalid.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'invalid' });
    expect(invalid.last).toEqual([{ kind: 'blockPeer', peer: 0, reason: 'chunk: invalid' }]);
    const gone = nodeOf(1);
    gone.feed(viewInput(1n, 2), { kind: 'chunk', announcement: chunk });
    expect(gone.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'gone' })).toEqual([]);
    // It may come again.
    gone.feed({ kind: 'chunk', announcement: chunk });
    expect(gone.kinds()).toEqual(['validateChunk']);
  });

  test('a chunk ahead of its time waits in nobody’s place', () => {
    const node = nodeOf(1);
    const early = announcement(0, P1, 4n, 4, 9);
    const timely = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: early });
    node.feed({ kind: 'validated', chunkHash: early.chunkHash, verdict: 'early' });
    expect(node.last).toEqual([]);
    node.feed({ kind: 'chunk', announcement: timely });
    expect(node.kinds()).toEqual(['evidence', 'validateChunk']);
    node.feed({ kind: 'validated', chunkHash: timely.chunkHash, verdict: 'valid' });
    expect(node.latest('sign').request).toMatchObject({ kind: 'endorse', chunkHash: timely.chunkHash });
    expect(node.feed({ kind: 'timely', chunkHash: early.chunkHash })).toEqual([]);
  });

  test('when its time has come it is validated, and its time judged anew', () => {
    const node = nodeOf(1);
    const early = announcement(0, P1, 4n, 4, 9);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: early });
    for (let round = 0; round < 2; round++) {
      node.feed({ kind: 'validated', chunkHash: early.chunkHash, verdict: 'early' });
      node.feed({ kind: 'timely', chunkHash: early.chunkHash });
      expect(node.last).toEqual([{ kind: 'validateChunk', announcement: early, judgeTime: true }]);
    }
  });

  test('the third chunk for one place is not heard', () => {
    const node = nodeOf(1);
    node.feed(viewInput(1n, 2));
    for (let variant = 0; variant < 9; variant++) {
      node.feed({ kind: 'chunk', announcement: announcement(0, P1, 4n, 4, variant) });
    }
    expect(node.effects('evidence')).toHaveLength(1);
    expect(node.state.parents.get(P1)?.shards[0]?.candidates.size).toBe(2);
  });

  test('a refused endorsement goes to the next candidate', () => {
    const node = nodeOf(1);
    const first = announcement(0, P1, 4n, 4);
    const second = announcement(0, P1, 4n, 4, 1);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: first });
    node.feed({ kind: 'validated', chunkHash: first.chunkHash, verdict: 'valid' });
    node.feed({ kind: 'signRefused', requestId: node.latest('sign').requestId, reason: 'another chunk' });
    node.feed({ kind: 'chunk', announcement: second });
    node.feed({ kind: 'validated', chunkHash: second.chunkHash, verdict: 'valid' });
    expect(node.latest('sign').request).toMatchObject({ kind: 'endorse', chunkHash: second.chunkHash });
  });

  test('ignores wrong heights, shards and what is final', () => {
    const node = nodeOf(1);
    node.feed({ kind: 'finalized', height: 3n }, viewInput(1n, 2));
    const good = announcement(0, P1, 4n, 4);
    const bad = [
      { ...good, header: { ...good.header, shard: 1, producer: 1 } },
      { ...good, header: { ...good.header, height: 8n } },
      { ...good, header: { ...good.header, height: 0n } },
    ];
    for (const entry of bad) node.feed({ kind: 'chunk', announcement: entry });
    expect(node.all).toEqual([]);
    expect(node.state.orphans.size).toBe(0);
  });
});

describe('leading', () => {
  /** A leader (validator 2) that has the chunk of its one shard, valid, with its own endorsement. */
  function leaderWithChunk(): { node: ChunkNode; chunk: ReturnType<typeof announcement> } {
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
      expect(node.kinds()).toEqual(['chunksReady']);
      expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(chunk.chunkHash);
      node.feed(wish, { kind: 'deadline', view: 1n, parentHash: P1 });
      expect(node.effects('chunksReady')).toHaveLength(1);
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
    const waits = endless.effects('setDeadline').map(({ delayMs }) => delayMs);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(12_001);
    expect(endless.effects('chunksReady')).toHaveLength(1);
  });

  test('answers once a view; a new view on the same parent uses the same certificates', () => {
    const { node, chunk } = leaderWithChunk();
    for (const signer of [0, 1])
      node.feed({ kind: 'endorsement', from: signer, endorsement: endorsementOf(chunk, signer) });
    node.certify();
    node.feed({ kind: 'proposalWanted', view: 1n, parentHash: P1 }, viewInput(5n, 2));
    node.feed({ kind: 'proposalWanted', view: 5n, parentHash: P1 });
    expect(node.effects('chunksReady').map(({ view }) => view)).toEqual([1n, 5n]);
    expect(node.effects('aggregate')).toHaveLength(1);
    // Older views' timers and wishes are void.
    node.feed({ kind: 'deadline', view: 1n, parentHash: P1 }, { kind: 'proposalWanted', view: 4n, parentHash: P1 });
    expect(node.last).toEqual([]);
  });

  test('a new view ends the old wish with its timer; a turn of the parent sets no second one', () => {
    const node = nodeOf(2);
    node.feed(viewInput(1n, 2), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    node.feed(viewInput(1n, 2, P2, 5n));
    expect(node.effects('setDeadline')).toHaveLength(1);
    node.feed(viewInput(2n, 3, P2, 5n), { kind: 'deadline', view: 1n, parentHash: P1 });
    expect(node.last).toEqual([]);
  });

  test('a wish that comes before its view waits for it without a timer', () => {
    const node = nodeOf(2);
    expect(node.feed({ kind: 'proposalWanted', view: 3n, parentHash: P1 })).toEqual([]);
    node.feed(viewInput(3n, 2, P1, 4n, [2]));
    expect(node.kinds()).toEqual(['setDeadline']);
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
    expect(node.kinds()).toEqual(['validateChunk']);
    node.feed({ kind: 'validated', chunkHash: chunk.chunkHash, verdict: 'valid' });
    expect(node.kinds()).toContain('chunksReady');
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
    expect(node.effects('sign')).toHaveLength(1);
    node.feed({ kind: 'proposalWanted', view: 1n, parentHash: P1 });
    expect(node.latest('chunksReady').certificates[0]?.chunkHash).toBe(other.chunkHash);
  });

  test('a heartbeat: the leader builds its own shard without work', () => {
    const node = nodeOf(0);
    node.feed(viewInput(1n, 0), { kind: 'proposalWanted', view: 1n, parentHash: P1 });
    expect(node.kinds()).toEqual(['buildChunk', 'setDeadline']);
  });

  test('an endorsement counts only from its signer; a second different one is evidence, once', () => {
    const { node, chunk } = leaderWithChunk();
    const other = announcement(0, P1, 4n, 4, 1);
    node.feed({ kind: 'endorsement', from: 3, endorsement: endorsementOf(chunk, 1) });
    expect(node.last).toEqual([{ kind: 'blockPeer', peer: 3, reason: 'endorsement: not of its sender' }]);
    node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(other, 1) });
    for (let i = 0; i < 3; i++) node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(chunk, 1) });
    expect(node.effects('evidence').map(({ evidence }) => evidence)).toEqual([
      { kind: 'doubleEndorse', culprit: 1, first: endorsementOf(other, 1), second: endorsementOf(chunk, 1) },
    ]);
    // The first one counts: no quorum for `chunk` out of 0, 1, 2.
    node.feed({ kind: 'endorsement', from: 0, endorsement: endorsementOf(chunk, 0) });
    expect(node.effects('aggregate')).toEqual([]);
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
  expect(node.effects('sendEndorsement')).toEqual([]);
});

describe('early messages', () => {
  test('are held until a view names their parent, then heard in full', () => {
    const node = nodeOf(2);
    const chunk = announcement(0, P1, 4n, 4);
    node.feed({ kind: 'chunk', announcement: chunk });
    for (const from of [0, 1, 3]) node.feed({ kind: 'endorsement', from, endorsement: endorsementOf(chunk, from) });
    expect(node.all).toEqual([]);
    node.feed(viewInput(1n, 2));
    expect(node.kinds()).toEqual(['validateChunk', 'aggregate']);
    expect(node.state.orphans.size).toBe(0);
  });

  test('are bounded per sender, the oldest going first, and dropped once final', () => {
    const node = nodeOf(1);
    const parents = Array.from({ length: 40 }, (_, i) => hashOf(100 + i));
    node.feed({ kind: 'endorsement', from: 3, endorsement: endorsementOf(announcement(0, P1, 4n, 4), 3) });
    for (const parent of parents) node.feed({ kind: 'chunk', announcement: announcement(0, parent, 4n, 4) });
    expect(node.state.orphans.get(0)).toHaveLength(10);
    expect(node.state.orphans.get(0)?.[0]?.parentHash).toBe(parents[30]);
    expect(node.state.orphans.get(3)).toHaveLength(1);
    node.feed({ kind: 'finalized', height: 4n });
    expect(node.state.orphans.has(0)).toBe(false);
    node.feed({ kind: 'finalized', height: 70n });
    expect(node.state.orphans.size).toBe(0);
  });
});

describe('forgetting', () => {
  test('final rounds are gone with their requests; late answers change nothing', () => {
    const node = nodeOf(0);
    const { header, chunkHash } = announcement(0, P1, 4n, 4);
    node.feed(work, viewInput(1n, 2), { kind: 'built', parentHash: P1, header, chunkHash });
    const { requestId } = node.latest('sign');
    node.feed({ kind: 'finalized', height: 4n });
    expect(node.state.parents.size).toBe(0);
    expect(node.state.requests.size).toBe(0);
    const before = node.state;
    node.feed({ kind: 'signed', requestId, signature: SIGNATURE }, { kind: 'validated', chunkHash, verdict: 'valid' });
    node.feed({ kind: 'built', parentHash: P1, header, chunkHash }, { kind: 'buildFailed', parentHash: P1, shard: 0 });
    expect(node.state).toEqual(before);
  });

  test('unfinalized rounds are bounded too', () => {
    const node = nodeOf(1);
    for (let i = 1; i <= 300; i++) node.feed(viewInput(BigInt(i), 2, hashOf(1_000 + i), BigInt(i)));
    expect(node.state.parents.size).toBe(256);
    expect(node.state.parents.has(hashOf(1_300))).toBe(true);
  });

  test('a view whose parent is already final opens no round', () => {
    const node = nodeOf(0);
    node.feed(work, { kind: 'finalized', height: 9n }, viewInput(1n, 2));
    expect(node.all).toEqual([]);
    expect(node.state.parents.size).toBe(0);
  });
});

test('chunks of a parent that no view needs now wait until one returns to it', () => {
  const node = nodeOf(1);
  const chunk = announcement(0, P1, 4n, 4);
  node.feed(viewInput(1n, 2), viewInput(2n, 2, P2, 5n), { kind: 'chunk', announcement: chunk });
  expect(node.all).toEqual([]);
  node.feed(viewInput(3n, 2));
  expect(node.kinds()).toEqual(['validateChunk']);
});

describe('deadlines after missed heights', () => {
  const D = 100;

  test('grow until the shard counts as down, then only patient heights are waited for', () => {
    expect([0, 1, 2].map((missed) => shardDeadlineMs(D, missed))).toEqual([100, 150, 225]);
    expect(shardDeadlineMs(2_000, 5)).toBe(8_000);
    expect(shardDeadlineMs(20_000, 3)).toBe(20_000);
    const patient = Array.from({ length: 400 }, (_, missed) => missed).filter(
      (missed) => missed >= 6 && shardDeadlineMs(D, missed) > D,
    );
    expect(patient).toEqual([8, 17, 26, 39, 58, 87, 130, 195, 292]);
    expect(patient.map((missed) => shardDeadlineMs(D, missed)).map(Math.round)).toEqual([
      2_563, 8_000, 8_450, 19_013, 42_050, 94_613, 211_250, 475_313, 58_400,
    ]);
  });

  test('a producer that is up has its turn at a patient height before long, whatever the size of the set', () => {
    const patient = Array.from({ length: 1_000 }, (_, missed) => missed).filter(isPatientHeight);
    for (const n of [4, 5, 6, 7, 8, 10, 13, 16]) {
      const producers = new Set(patient.map((missed) => missed % n));
      expect(producers.size).toBeGreaterThan(Math.floor((n - 1) / 3));
    }
  });

  test('a dead shard costs some six deadlines a height, and no wait is longer than an hour', () => {
    let waitedMs = 0;
    for (let missed = 0; missed < 10_000; missed++) waitedMs += proposalDeadlineMs(D, [0, missed]);
    expect(waitedMs / 10_000).toBeLessThan(7 * D);
    expect(Math.max(...[2 ** 16, 2 ** 17, 2 ** 40].map((missed) => shardDeadlineMs(D, missed)))).toBeLessThan(
      3_600_001,
    );
  });

  test('the longest wait decides, and the shard that missed fewest heights never counts as down', () => {
    expect(proposalDeadlineMs(D, [0, 2, 6, 500])).toBe(225);
    expect(proposalDeadlineMs(D, [0, 8])).toBe(shardDeadlineMs(D, 8));
    expect(proposalDeadlineMs(D, [7, 9])).toBe(D * 1.5 ** 7);
    expect(proposalDeadlineMs(D, [20])).toBe(D * 1.5 ** 20);
    expect(proposalDeadlineMs(D, [64])).toBe(3_600_000);
    expect(proposalDeadlineMs(D, [])).toBe(D);
  });
});

test('a step leaves the state it began with as it was', () => {
  const node = nodeOf(0);
  node.feed(work, viewInput(1n, 2));
  const before = node.state;
  const snapshot = structuredClone(before);
  const { header, chunkHash } = announcement(0, P1, 4n, 4);
  node.feed({ kind: 'built', parentHash: P1, header, chunkHash });
  node.sign();
  node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(announcement(0, P1, 4n, 4), 1) });
  node.feed({ kind: 'finalized', height: 4n });
  expect(before).toEqual(snapshot);
});
