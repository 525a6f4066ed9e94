import { describe, expect, test } from '@jest/globals';
import { endorsementOf } from '../src/testing/index.ts';
import { announcement, nodeOf, P1, P2, viewInput, work } from './support/chunks.ts';

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
    expect(node.lastKinds()).toEqual(['broadcastChunk', 'sign']);
    expect(node.latest('sign').request.kind).toBe('endorse');
    node.sign();
    expect(node.last).toEqual([
      { kind: 'sendEndorsement', to: 2, endorsement: endorsementOf(announcement(0, P1, 4n, 4), 0) },
    ]);
  });

  test('builds once for a parent, whatever the views do, and again for another parent', () => {
    const node = nodeOf(0);
    node.feed(work, viewInput(1n, 2), viewInput(2n, 3), { kind: 'work', pending: false }, work, viewInput(3n, 1));
    expect(node.only('buildChunk')).toHaveLength(1);
    node.feed(viewInput(4n, 1, P2, 4n), viewInput(5n, 1));
    expect(node.only('buildChunk').map((effect) => effect.parentHash)).toEqual([P1, P2]);
  });

  test('a failed build and a refused signature end it', () => {
    const failed = nodeOf(0);
    failed.feed(work, viewInput(1n, 2), { kind: 'buildFailed', parentHash: P1, shard: 0 }, viewInput(2n, 2));
    expect(failed.only('buildChunk')).toHaveLength(1);
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
    expect(node.only('buildChunk').map((effect) => effect.shard)).toEqual([0, 1]);
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
    expect(node.only('sendEndorsement').map((effect) => effect.to)).toEqual([2, 3, 0]);
  });

  test('after an invalid chunk the next one gets its chance', () => {
    const node = nodeOf(1);
    const bad = announcement(0, P1, 4n, 4);
    const good = announcement(0, P1, 4n, 4, 1);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: bad }, { kind: 'chunk', announcement: good });
    expect(node.only('validateChunk')).toHaveLength(1);
    node.feed({ kind: 'validated', chunkHash: bad.chunkHash, verdict: 'invalid' });
    expect(node.lastKinds()).toEqual(['blockPeer', 'validateChunk']);
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
    expect(gone.lastKinds()).toEqual(['validateChunk']);
  });

  test('a chunk ahead of its time waits in nobody’s place', () => {
    const node = nodeOf(1);
    const early = announcement(0, P1, 4n, 4, 9);
    const timely = announcement(0, P1, 4n, 4);
    node.feed(viewInput(1n, 2), { kind: 'chunk', announcement: early });
    node.feed({ kind: 'validated', chunkHash: early.chunkHash, verdict: 'early' });
    expect(node.last).toEqual([]);
    node.feed({ kind: 'chunk', announcement: timely });
    expect(node.lastKinds()).toEqual(['evidence', 'validateChunk']);
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
    expect(node.only('evidence')).toHaveLength(1);
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
    expect(node.effects).toEqual([]);
    expect(node.state.orphans.size).toBe(0);
  });
});
