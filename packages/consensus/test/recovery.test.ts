import type { TupleCertificate } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { journalHead, recoverEngine, sameTuple } from '../src/index.ts';
import { EngineBench, engineConfigFor, Others, only, recordNames, said, signRequests } from '../src/testing/index.ts';

const four = new Others(4);
const first = four.proposal(1n, null);
const notarized = four.notarization(first.tuple);
const finalized = four.finalization(first.tuple);
const work = { kind: 'work', pending: true } as const;

/** A follower's life over two views: notarize and finalize view 1, nullify view 2. */
function lived(): EngineBench {
  const bench = EngineBench.started(4, 0);
  bench.give(work);
  bench.propose(first);
  bench.certificate(notarized);
  bench.timer('proposal');
  return bench;
}

describe('recovery', () => {
  test('after every record: votes are kept, sent again, and never contradicted', () => {
    const { records } = lived();
    expect(recordNames(records)).toEqual([
      'firstProposal:1',
      'ownVote/notarize:1',
      'certificate/notarize:1',
      'ownVote/finalize:1',
      'ownVote/nullify:2',
    ]);
    const expected = [
      { view: 1n, says: ['status:1'], signs: [] }, // empty journal
      { view: 1n, says: ['status:1', 'vote/notarize:1'], signs: ['notarize:1'] }, // the block is executed again
      { view: 1n, says: ['status:1', 'vote/notarize:1'], signs: [] },
      { view: 2n, says: ['status:2', 'certificate/notarize:1', 'vote/finalize:1'], signs: ['finalize:1'] },
      { view: 2n, says: ['status:2', 'certificate/notarize:1', 'vote/finalize:1'], signs: [] },
      { view: 2n, says: ['status:2', 'certificate/notarize:1', 'vote/nullify:2', 'vote/finalize:1'], signs: [] },
    ];
    expected.forEach(({ view, says, signs }, count) => {
      const again = EngineBench.started(4, 0).restarted(records.slice(0, count));
      expect(again.state.currentView).toBe(view);
      expect(said(again.effects)).toEqual(says);
      expect(signRequests(again.effects)).toEqual(signs);
    });
  });

  test('a journal begins with whose it is, and another epoch’s or chain’s is refused', () => {
    const config = engineConfigFor(4, 0);
    const head = journalHead(config, first.tuple.blockHash);
    expect(head).toEqual({
      kind: 'epochSwitch',
      epoch: config.epoch,
      validatorSetHash: first.tuple.blockHash,
      baseHash: config.genesisHash,
    });
    const { records } = lived();
    expect(recoverEngine(config, [head, ...records], null)).toEqual(recoverEngine(config, records, null));
    const fault = (recovered: () => unknown): unknown => {
      try {
        return recovered();
      } catch (error) {
        return error;
      }
    };
    const next = { ...config, epoch: config.epoch + 1n };
    expect(fault(() => recoverEngine(next, [head], null))).toMatchObject({
      code: 'INVALID_JOURNAL',
      facts: { fault: 'otherEpoch' },
    });
    const elsewhere = { ...config, genesisHash: first.tuple.blockHash };
    expect(fault(() => recoverEngine(elsewhere, [head], null))).toMatchObject({ facts: { fault: 'otherChain' } });
  });

  test('replaying sends nothing before start', () => {
    const { records } = lived();
    const state = recoverEngine(engineConfigFor(4, 0), records, null);
    expect(state).toMatchObject({ started: false, currentView: 2n, finalizedView: 0n });
  });

  test('no notarize for another tuple after a restart', () => {
    const again = EngineBench.started(4, 0).restarted(lived().records.slice(0, 2));
    const effects = again.propose(four.proposal(1n, null, [], 9));
    expect(signRequests(effects)).toEqual([]);
    expect(only(effects, 'evidence').length).toBe(1);
  });

  test('no nullify after finalize, even if the journal has lost why we finalized', () => {
    const again = EngineBench.started(4, 0).restarted(lived().records.slice(3, 4));
    expect(again.state.currentView).toBe(1n);
    again.give(work);
    expect(signRequests(again.timer('proposal'))).toEqual([]);
    expect(signRequests(again.timer('notarization'))).toEqual([]);
  });

  test('a leader sends its own proposal again, even if the journal was torn after it', () => {
    const bench = EngineBench.started(4, 1);
    bench.give(work);
    for (const count of [1, 2]) {
      const again = bench.restarted(bench.records.slice(0, count));
      expect(said(again.effects)).toEqual(['status:1', 'proposal:1', 'vote/notarize:1']);
      expect(only(again.give(work), 'buildBlock')).toEqual([]);
    }
  });

  test('all validators crash right after journaling nullify: the view is still left', () => {
    const benches = [0, 1, 2, 3].map((index) => {
      const bench = EngineBench.started(4, index);
      bench.held.add('buildBlock'); // the leader hangs
      bench.give(work);
      bench.timer('proposal');
      return bench.restarted();
    });
    const votes = benches.map(({ state }) => state.views.get(1n)?.ownNullify);
    for (const bench of benches) {
      for (const own of votes) {
        if (own?.status === 'signed' && own.vote.signer !== bench.config.validatorIndex) bench.vote(own.vote);
      }
      expect(bench.state.currentView).toBe(2n);
    }
  });

  test('a finalization that the application missed is reported again, one that it has is not', () => {
    const bench = lived();
    bench.certificate(finalized);
    expect(only(bench.restarted().effects, 'finalized').length).toBe(1);
    expect(only(bench.restarted(bench.records, finalized).effects, 'finalized').length).toBe(0);
  });

  test('the application may be ahead of the journal', () => {
    const again = EngineBench.started(4, 0).restarted([], finalized);
    expect(again.state).toMatchObject({ currentView: 2n, finalizedView: 1n });
    expect(only(again.effects, 'enterView')).toMatchObject([{ parentView: 1n, parentHash: first.tuple.blockHash }]);
  });

  test('a journal of another epoch or validator, or a contradictory one, is refused', () => {
    const { records } = lived();
    const other = four.tupleVote('notarize', four.proposal(1n, null, [], 9).tuple, 0);
    const recover = (index: number, epoch: bigint, extra: typeof records): void => {
      recoverEngine({ ...engineConfigFor(4, index), epoch }, [...records, ...extra], null);
    };
    expect(() => recover(0, 4n, [])).toThrow(
      expect.objectContaining({ code: 'INVALID_JOURNAL', facts: expect.objectContaining({ fault: 'otherEpoch' }) }),
    );
    expect(() => recover(2, 3n, [])).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ fault: 'otherValidator' }) }),
    );
    expect(() => recover(0, 3n, [{ kind: 'ownVote', vote: other }])).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ fault: 'contradictoryVotes' }) }),
    );
  });
});

describe('floor', () => {
  test('what stands before a floor can be forgotten', () => {
    const bench = EngineBench.started(4, 0);
    let parent: TupleCertificate | null = null;
    for (let view = 1n; view <= 70n; view += 1n) {
      const proposal = four.proposal(view, parent);
      if (view % 4n !== 0n) bench.propose(proposal);
      const next = four.proposal(view + 1n, four.notarization(proposal.tuple));
      bench.certificate(four.notarization(proposal.tuple));
      if ((view + 1n) % 4n !== 0n) bench.propose(next); // so that records above stand before the floor
      bench.certificate(four.finalization(proposal.tuple));
      parent = four.notarization(proposal.tuple);
    }
    const names = recordNames(bench.records);
    const floor = names.lastIndexOf('floor/finalize:64');
    expect(floor).toBeGreaterThan(0);
    expect(names.slice(floor + 1, floor + 3)).toEqual(['firstProposal:65', 'ownVote/notarize:65']);
    const whole = bench.restarted();
    const short = bench.restarted(bench.records.slice(floor));
    expect(short.state.currentView).toBe(whole.state.currentView);
    expect(short.state.finalizedView).toBe(whole.state.finalizedView);
    const [a, b] = [whole, short].map(({ state }) => state.views.get(65n)?.ownNotarize);
    expect(a !== null && b !== null && a !== undefined && b !== undefined && sameTuple(a.tuple, b.tuple)).toBe(true);
    expect(bench.state.views.size).toBeLessThan(14);
  });
});
