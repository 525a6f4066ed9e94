import { beforeEach, expect, test } from '@jest/globals';
import { AnswerRecords } from '../src/peers/answer-records.ts';

const PEERS = ['a', 'b', 'c'];
let records: AnswerRecords;

beforeEach(() => {
  records = new AnswerRecords();
});

/** Asks whoever comes first. */
function ask(): string {
  const [first = ''] = records.ordered(PEERS, null);
  records.asked(first);
  return first;
}

test('several requests at once go to several peers', () => {
  expect([ask(), ask(), ask()]).toEqual(PEERS);
});

test('a slow peer is asked when the others are that busy', () => {
  for (const peer of PEERS) {
    records.asked(peer);
    records.answered(peer, 'given', peer === 'a' ? 350 : 100);
  }
  expect(Array.from({ length: 7 }, ask)).toEqual(['b', 'c', 'b', 'c', 'b', 'c', 'a']);
});

test('a hint comes first, a peer that did badly last, until it does well', () => {
  records.asked('a');
  records.answered('a', 'poor', 5);
  expect(records.ordered(PEERS, 'c')).toEqual(['c', 'b', 'a']);
  expect(records.ordered(PEERS, 'a')).toEqual(['b', 'c', 'a']);
  records.asked('a');
  records.answered('a', 'given', 0);
  expect(records.ordered(PEERS, null)[0]).toBe('a');
});

test('who says at once that it has nothing is not asked first for that', () => {
  records.asked('a');
  records.answered('a', 'absent', 0);
  for (const peer of ['b', 'c']) {
    records.asked(peer);
    records.answered(peer, 'given', 200);
  }
  expect(records.ordered(PEERS, null)).toEqual(['b', 'c', 'a']);
  records.asked('b');
  records.answered('b', 'poor', 2_000);
  expect(records.ordered(PEERS, null)).toEqual(['c', 'a', 'b']);
});

test('what is known of peers that are gone is forgotten', () => {
  records.asked('gone');
  records.answered('gone', 'poor', 5);
  records.ordered([], null);
  expect(records.ordered(['gone', 'other'], null)).toEqual(['gone', 'other']);
});
