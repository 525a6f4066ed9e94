import { type BlockHeader, type Hash, hashBlockHeader } from '@heddle/types';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { UnavailableError } from '../src/errors.ts';
import { SEGMENT_BLOCKS } from '../src/limits.ts';
import { HashTrail, type TrailPoint } from '../src/sync/hash-trail.ts';
import { emptyBlock } from './support/blocks.ts';

const LENGTH = 3 * SEGMENT_BLOCKS + 100;

let headers: BlockHeader[];
let hashes: Hash[];
let requests: number;
let blockRequests: number;
/** Answers with headers that are still given; then peers fail. */
let answersLeft: number;

beforeAll(() => {
  const { header } = emptyBlock(null).block;
  headers = [header];
  hashes = [hashBlockHeader(header)];
  for (let height = 1; height <= LENGTH; height++) {
    const next = { ...header, number: BigInt(height), parentHash: hashes[height - 1] ?? '0x' };
    headers.push(next);
    hashes.push(hashBlockHeader(next));
  }
});

beforeEach(() => {
  requests = 0;
  blockRequests = 0;
  answersLeft = Number.POSITIVE_INFINITY;
});

function at(height: number): TrailPoint {
  return { height: BigInt(height), hash: hashes[height] ?? '0x' };
}

function trailFrom(
  top: number,
  forge: (answer: readonly BlockHeader[]) => readonly BlockHeader[] = (a) => a,
): HashTrail {
  return new HashTrail(
    {
      headers: async (from, to, accept) => {
        requests++;
        const answer = forge(headers.slice(Number(from), Number(to) + 1));
        if (answersLeft-- <= 0 || !accept(answer)) throw new UnavailableError('headers');
        return answer;
      },
      block: async (hash) => {
        blockRequests++;
        const header = headers[hashes.indexOf(hash)];
        if (answersLeft < 0 || header === undefined) throw new UnavailableError('block');
        return { ...emptyBlock(null).block, header };
      },
    },
    at(top),
  );
}

test('a gap of several segments is held a segment at a time, with one point for each above it', async () => {
  const trail = trailFrom(LENGTH);
  let head = 0;
  let most = 0;
  const walked: Hash[] = [];
  for (;;) {
    const segment = await trail.segmentAbove(at(head));
    if (segment.size === 0) break;
    most = Math.max(most, segment.size);
    expect(trail.size).toBeLessThanOrEqual(1 + Math.ceil(LENGTH / SEGMENT_BLOCKS));
    for (let height = BigInt(head) + 1n; segment.has(height); height++) walked.push(segment.get(height) ?? '0x');
    head = walked.length;
  }
  expect(walked).toEqual(hashes.slice(1));
  expect(most).toBeLessThanOrEqual(SEGMENT_BLOCKS);
  // Down once in full, and up again each segment once more but the lowest.
  expect(requests).toBeLessThanOrEqual(16);
});

test('a walk that is broken off goes on from the last point', async () => {
  const trail = trailFrom(LENGTH);
  answersLeft = 5;
  await expect(trail.segmentAbove(at(0))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  requests = 0;
  answersLeft = Number.POSITIVE_INFINITY;
  expect((await trail.segmentAbove(at(0))).size).toBeGreaterThan(0);
  expect(requests).toBeLessThanOrEqual(5);
});

test('nothing is believed but the hash at the top', async () => {
  const forgeries: readonly ((answer: readonly BlockHeader[]) => readonly BlockHeader[])[] = [
    (answer) => answer.slice(1),
    (answer) => answer.slice(0, -1),
    () => [],
    (answer) => answer.map((header) => ({ ...header, gasUsed: 1n })),
    ([first, ...rest]) => (first === undefined ? rest : [{ ...first, gasUsed: 1n }, ...rest]),
  ];
  for (const forge of forgeries) {
    blockRequests = 0;
    const segment = await trailFrom(30, forge).segmentAbove(at(0));
    expect([...segment.values()].reverse()).toEqual(hashes.slice(1, 31));
    // One by one, by their hashes.
    expect(blockRequests).toBeGreaterThan(0);
  }
});

test('links that do not lead to the head are a conflict of finality', async () => {
  const head = { height: 10n, hash: hashes[11] ?? '0x' };
  await expect(trailFrom(40).segmentAbove(head)).rejects.toMatchObject({
    code: 'FINALITY_CONFLICT',
    facts: { height: 10n },
  });
});

test('a head that has moved on meanwhile leaves less to do, and in the end nothing', async () => {
  const trail = trailFrom(40);
  expect((await trail.segmentAbove(at(30))).size).toBe(10);
  expect((await trail.segmentAbove(at(40))).size).toBe(0);
});
