import { beforeAll, expect, test } from '@jest/globals';
import { play } from './support/play.ts';

/** Far above what they take, so that only a run that hangs ends here. */
const TIMEOUT_MS = 240_000;

let report: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  report = await play(['catching-up'], TIMEOUT_MS);
}, TIMEOUT_MS);

test('a slow or a silent peer costs its time-out, not one for each range', () => {
  const facts = { wasAsked: true, withinTwoTimeouts: true };
  expect(report['catching up beside a slow peer']).toEqual(facts);
  expect(report['catching up beside a silent peer']).toEqual(facts);
});

test('a liar keeps nobody from the chain, whatever it forges, and nobody else is blamed', () => {
  expect(report['catching up beside a liar']).toEqual({
    'other headers': true,
    'no headers': true,
    'blocks of another hash': true,
    'blocks with other contents': true,
    'chunks with other bodies': true,
    'chunks with another signature': true,
  });
});

test('what a quorum has checked is not checked again: a signature for each chunk is', () => {
  expect(report['signatures of what is final']).toEqual({ aFewAggregates: true, oneForEachChunk: true });
});
