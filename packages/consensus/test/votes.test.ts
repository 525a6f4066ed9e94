import type { Vote } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { EngineBench, Others, only, said } from '../src/testing/index.ts';

const four = new Others(4);
const { tuple } = four.proposal(1n, null);
const rival = { ...tuple, blockHash: `0x${'77'.repeat(32)}` } as const;
const NOISE = new Uint8Array(96).fill(9);

let bench: EngineBench;

beforeEach(() => {
  bench = EngineBench.started(4, 0);
});

function notarize(signer: number): Vote {
  return four.tupleVote('notarize', tuple, signer);
}

function forged(vote: Vote): Vote {
  return { ...vote, signature: NOISE };
}

function slot(signer: number): Vote | undefined {
  return bench.state.views.get(1n)?.votes.notarize.get(signer);
}

describe('a vote’s slot belongs to its signer', () => {
  test('a vote in another’s name is not heard: it fills no slot, displaces nothing and blocks nobody', () => {
    const before = bench.state.views.get(1n);
    bench.give({ kind: 'vote', from: 2, vote: forged(notarize(3)) });
    bench.give({ kind: 'vote', from: 2, vote: four.tupleVote('notarize', rival, 3) });
    expect(bench.state.views.get(1n)).toEqual(before);
    bench.vote(notarize(3));
    bench.give({ kind: 'vote', from: 2, vote: forged(notarize(3)) });
    expect(slot(3)).toEqual(notarize(3));
    expect(said([...bench.vote(notarize(1)), ...bench.vote(notarize(2))])).toContain('certificate/notarize:1');
    expect(bench.state.blocked.size).toBe(0);
    expect(only(bench.effects, 'evidence')).toEqual([]);
  });

  test('not even in the name of the validator that hears it', () => {
    bench.give({ kind: 'vote', from: 0, vote: forged(notarize(0)) });
    bench.give({ kind: 'vote', from: 2, vote: forged(notarize(0)) });
    expect(slot(0)).toBeUndefined();
  });

  test('a later vote, good or bad, never displaces a good one', () => {
    bench.vote(notarize(3));
    bench.vote(forged(notarize(3)));
    bench.vote(four.tupleVote('notarize', rival, 3));
    expect(slot(3)).toEqual(notarize(3));
  });
});

describe('a bad first vote', () => {
  test('costs its sender its voice and nobody else: the quorum stands without it', () => {
    bench.vote(forged(notarize(3)));
    bench.vote(notarize(1));
    expect(only(bench.vote(notarize(2)), 'blockPeer')).toMatchObject([{ peer: 3 }]);
    expect(slot(3)).toBeUndefined();
    expect([slot(1), slot(2)]).toEqual([notarize(1), notarize(2)]);
    expect(bench.state.views.get(1n)?.notarization).toBeNull();
    bench.vote(notarize(3)); // blocked: not heard
    expect(slot(3)).toBeUndefined();
    const effects = bench.propose(four.proposal(1n, null)); // ours is the third good vote
    expect(said(effects)).toContain('certificate/notarize:1');
    expect([...bench.state.blocked]).toEqual([3]);
  });

  test('its signer still counts in what others have certified', () => {
    bench.vote(forged(notarize(3)));
    bench.vote(notarize(1));
    bench.vote(notarize(2));
    const certificate = four.notarization(tuple, [1, 2, 3]);
    bench.certificate(certificate, 1);
    expect(bench.state.views.get(1n)?.notarization).toEqual(certificate);
    expect(bench.state.currentView).toBe(2n);
  });

  test('an aggregation that fails after the view is certified changes nothing that is held', () => {
    bench.held.add('aggregate');
    bench.vote(forged(notarize(3)));
    bench.vote(notarize(1));
    const [request] = only(bench.vote(notarize(2)), 'aggregate');
    if (request === undefined) throw new Error('nothing is aggregated');
    bench.certificate(four.notarization(tuple, [0, 1, 2]), 1);
    const { requestId } = request;
    bench.give({ kind: 'aggregated', requestId, result: { ok: false, badSigners: [3] } });
    expect(bench.state.views.get(1n)?.notarization).toEqual(four.notarization(tuple, [0, 1, 2]));
    expect([...bench.state.blocked]).toEqual([3]);
  });
});

describe('who is blocked', () => {
  test('the driver’s word is enough, once, and never against this validator itself', () => {
    const fault = { kind: 'peerFault', peer: 2, reason: 'evidence: doubleVote that proves nothing' } as const;
    expect(bench.give(fault, fault)).toEqual([{ kind: 'blockPeer', peer: 2, reason: fault.reason }]);
    bench.vote(notarize(2));
    expect(slot(2)).toBeUndefined();
    expect(bench.give({ ...fault, peer: 0 })).toEqual([]);
    expect([...bench.state.blocked]).toEqual([2]);
  });

  test('a flood of votes keeps one of each kind and view, in the window', () => {
    for (let view = 1n; view <= 50n; view++) {
      for (let copy = 0; copy < 20; copy++) {
        const blockHash = `0x${(copy + 10).toString(16).padStart(64, '0')}` as const;
        bench.vote(four.tupleVote('notarize', { ...tuple, view, parentView: view - 1n, blockHash }, 3));
        bench.vote(four.tupleVote('finalize', { ...tuple, view, parentView: view - 1n, blockHash }, 3));
        bench.vote(four.nullify(view, 3));
      }
    }
    expect([...bench.state.views.keys()]).toEqual([1n, 2n]);
    for (const { votes } of bench.state.views.values()) {
      expect([votes.notarize.size, votes.finalize.size, votes.nullify.size]).toEqual([1, 1, 1]);
    }
    expect(only(bench.effects, 'evidence').length).toBeLessThanOrEqual(2 * 3); // once a view and kind
  });
});
