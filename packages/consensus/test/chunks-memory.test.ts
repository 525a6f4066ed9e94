import { describe, expect, test } from '@jest/globals';
import { CHUNK_SIGNATURE, endorsementOf, hashOf } from '../src/testing/index.ts';
import { announcement, nodeOf, P1, P2, viewInput, work } from './support/chunks.ts';

describe('orphans', () => {
  test('are held until a view names their parent, then heard in full', () => {
    const node = nodeOf(2);
    const chunk = announcement(0, P1, 4n, 4);
    node.feed({ kind: 'chunk', announcement: chunk });
    for (const from of [0, 1, 3]) node.feed({ kind: 'endorsement', from, endorsement: endorsementOf(chunk, from) });
    expect(node.effects).toEqual([]);
    node.feed(viewInput(1n, 2));
    expect(node.lastKinds()).toEqual(['validateChunk', 'aggregate']);
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
    node.feed(
      { kind: 'signed', requestId, signature: CHUNK_SIGNATURE },
      { kind: 'validated', chunkHash, verdict: 'valid' },
    );
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
    expect(node.effects).toEqual([]);
    expect(node.state.parents.size).toBe(0);
  });
});

test('chunks of a parent that no view needs now wait until one returns to it', () => {
  const node = nodeOf(1);
  const chunk = announcement(0, P1, 4n, 4);
  node.feed(viewInput(1n, 2), viewInput(2n, 2, P2, 5n), { kind: 'chunk', announcement: chunk });
  expect(node.effects).toEqual([]);
  node.feed(viewInput(3n, 2));
  expect(node.lastKinds()).toEqual(['validateChunk']);
});
