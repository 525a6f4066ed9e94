import type { Vote } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { EngineBench, Others, only, said } from '../src/testing/index.ts';

const four = new Others(4);
const first = four.proposal(1n, null);
const second = four.proposal(1n, null, [], 7);

describe('evidence', () => {
  test('E1: a second proposal of the leader is evidence and never verified', () => {
    const bench = EngineBench.started(4, 0);
    bench.propose(first);
    const effects = bench.propose(second);
    const [a, b] = [first, second].map(({ tuple, leaderSignature }) => ({
      tuple,
      leader: 1,
      signature: leaderSignature,
    }));
    expect(effects).toEqual([
      { kind: 'evidence', evidence: { kind: 'doublePropose', culprit: 1, first: a, second: b } },
    ]);
    expect(bench.propose(four.proposal(1n, null, [], 8))).toEqual([]); // enough
    expect(bench.propose(first)).toEqual([]);
  });

  test.each<[string, string, Vote, Vote]>([
    ['E2', 'doubleVote', four.tupleVote('notarize', first.tuple, 3), four.tupleVote('notarize', second.tuple, 3)],
    ['E2', 'doubleVote', four.tupleVote('finalize', first.tuple, 3), four.tupleVote('finalize', second.tuple, 3)],
    [
      'E3',
      'notarizeAndFinalize',
      four.tupleVote('notarize', first.tuple, 3),
      four.tupleVote('finalize', second.tuple, 3),
    ],
    ['E4', 'nullifyAndFinalize', four.nullify(1n, 3), four.tupleVote('finalize', first.tuple, 3)],
  ])('%s: %s, in either order, once, and the first vote stays', (_rule, kind, a, b) => {
    for (const [before, after] of [
      [a, b],
      [b, a],
    ] as const) {
      const bench = EngineBench.started(4, 0);
      bench.vote(before);
      expect(only(bench.vote(after), 'evidence')).toEqual([
        { kind: 'evidence', evidence: { kind, culprit: 3, first: before, second: after } },
      ]);
      expect(only(bench.vote(after), 'evidence')).toEqual([]);
      expect(bench.state.views.get(1n)?.votes[before.kind].get(3)).toEqual(before);
    }
  });

  test('E5: who votes to notarize what is badly justified, before or after it is known; a finalize vote is no proof', () => {
    const bench = EngineBench.started(4, 0);
    const forged = { ...four.skip(1n), aggregate: new Uint8Array(96) };
    const bad = four.proposal(2n, null, [forged]);
    const { parentCertificate, skipCertificates } = bad;
    bench.certificate(four.skip(1n));
    const early = four.tupleVote('notarize', bad.tuple, 1);
    bench.vote(early);
    bench.vote(four.tupleVote('finalize', bad.tuple, 3));
    const accused = (vote: Vote) => ({
      kind: 'evidence',
      evidence: { kind: 'badJustification', culprit: vote.signer, vote, parentCertificate, skipCertificates },
    });
    expect(only(bench.propose(bad), 'evidence')).toEqual([accused(bad.leaderNotarize), accused(early)]);
    const late = four.tupleVote('notarize', bad.tuple, 3);
    expect(only(bench.vote(late), 'evidence')).toEqual([accused(late)]);
  });

  test('what honest validators do is no evidence', () => {
    const bench = EngineBench.started(4, 0);
    bench.vote(four.tupleVote('notarize', first.tuple, 3));
    bench.vote(four.nullify(1n, 3));
    bench.vote(four.tupleVote('notarize', first.tuple, 2));
    bench.vote(four.tupleVote('finalize', first.tuple, 2));
    expect(only(bench.effects, 'evidence')).toEqual([]);
  });

  test('E6: conflicting certificates accuse who signed both', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(four.notarization(first.tuple, [1, 2, 3]));
    const effects = bench.certificate(four.notarization(second.tuple, [0, 2, 3]));
    expect(only(effects, 'evidence')).toMatchObject([
      { evidence: { kind: 'conflictingCertificates', culprits: [2, 3] } },
    ]);
  });

  test('E6: a nullification against a finalization, which is known already', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(four.finalization(first.tuple, [0, 1, 2]));
    const effects = bench.certificate(four.skip(1n, [1, 2, 3]));
    expect(only(effects, 'evidence')).toMatchObject([
      { evidence: { kind: 'conflictingCertificates', culprits: [1, 2] } },
    ]);
    expect(said(effects)).toEqual([]);
  });
});
