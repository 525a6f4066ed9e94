import { justificationRoot } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { EngineBench, Others, only, recordNames, said, signRequests } from '../src/testing/index.ts';

const four = new Others(4);
const first = four.proposal(1n, null);
const notarized = four.notarization(first.tuple);
const work = { kind: 'work', pending: true } as const;

describe('the good case', () => {
  test('a follower notarizes, enters the next view with the notarization, and finalizes', () => {
    const bench = EngineBench.started(4, 0);
    expect(said(bench.propose(first))).toEqual(['vote/notarize:1']);
    expect(bench.state.currentView).toBe(1n);
    bench.vote(four.tupleVote('notarize', first.tuple, 2));
    expect(bench.state.currentView).toBe(2n); // 0, the leader 1, and 2: a quorum
    bench.vote(four.tupleVote('finalize', first.tuple, 2));
    const effects = bench.vote(four.tupleVote('finalize', first.tuple, 3));
    expect(only(effects, 'finalized').map(({ certificate }) => certificate.tuple)).toEqual([first.tuple]);
    expect(bench.vote(four.tupleVote('finalize', first.tuple, 1))).toEqual([]);
    expect(recordNames(bench.records)).toEqual([
      'firstProposal:1',
      'ownVote/notarize:1',
      'certificate/notarize:1',
      'ownVote/finalize:1',
      'certificate/finalize:1',
    ]);
  });

  test('a leader with work proposes once both signatures are there, and sends one message', () => {
    const bench = EngineBench.started(4, 1);
    bench.held.add('sign');
    const effects = bench.give(work);
    expect(only(effects, 'buildBlock')).toMatchObject([{ view: 1n, parentView: 0n }]);
    expect(signRequests(effects)).toEqual(['propose:1', 'notarize:1']);
    const [propose, notarize] = only(effects, 'sign');
    const signature = new Uint8Array(96);
    expect(said(bench.give({ kind: 'signed', requestId: notarize?.requestId ?? 0, signature }))).toEqual([]);
    expect(bench.records).toEqual([]);
    const sent = bench.give({ kind: 'signed', requestId: propose?.requestId ?? 0, signature });
    expect(said(sent)).toEqual(['proposal:1']);
    expect(recordNames(bench.records)).toEqual(['firstProposal:1', 'ownVote/notarize:1']);
  });

  test('a single validator finalizes by itself', () => {
    const bench = EngineBench.started(1, 0);
    bench.give(work, { kind: 'work', pending: false });
    expect(bench.state.finalizedView).toBeGreaterThanOrEqual(1n);
    expect(only(bench.effects, 'finalized').length).toBe(Number(bench.state.finalizedView));
  });

  test.each([
    [5, 4],
    [6, 5],
  ])('n = %i needs %i votes', (n, q) => {
    const others = new Others(n);
    const proposal = others.proposal(1n, null);
    const bench = EngineBench.started(n, 0);
    bench.propose(proposal); // own vote and the leader's
    for (let signer = 2; signer < q - 1; signer += 1) bench.vote(others.tupleVote('notarize', proposal.tuple, signer));
    expect(bench.state.currentView).toBe(1n);
    bench.vote(others.tupleVote('notarize', proposal.tuple, n - 1));
    expect(bench.state.currentView).toBe(2n);
  });

  test('steps leave the state they start from as it was', () => {
    const bench = EngineBench.started(4, 0);
    const before = bench.state;
    const copy = structuredClone(before);
    bench.propose(first);
    bench.certificate(notarized);
    expect(before).toEqual(copy);
  });
});

describe('views', () => {
  test.each([
    ['notarization', four.notarization(first.tuple)],
    ['nullification', four.skip(1n)],
    ['finalization', four.finalization(first.tuple)],
  ])('a %s of the current view opens the next one', (_name, certificate) => {
    const bench = EngineBench.started(4, 0);
    const effects = bench.certificate(certificate);
    expect(bench.state.currentView).toBe(2n);
    expect(only(effects, 'enterView')).toMatchObject([{ view: 2n, leader: 2 }]);
    expect(recordNames(bench.records)[0]).toBe(`certificate/${certificate.kind}:1`);
  });

  test('a certificate of a far view jumps there', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(four.skip(40n));
    expect(bench.state.currentView).toBe(41n);
  });

  test('a notarization advances even after our own nullify, and then we do not finalize', () => {
    const bench = EngineBench.started(4, 0);
    bench.give(work);
    bench.timer('notarization');
    const effects = bench.certificate(notarized);
    expect(bench.state.currentView).toBe(2n);
    expect(signRequests(effects)).toEqual([]);
  });

  test('a better parent that is notarized late is announced again, until there is a proposal', () => {
    const bench = EngineBench.started(4, 0);
    expect(only(bench.certificate(four.skip(1n)), 'enterView')).toMatchObject([{ view: 2n, parentView: 0n }]);
    expect(only(bench.certificate(notarized), 'enterView')).toMatchObject([{ view: 2n, parentView: 1n }]);
  });

  test('a proposal brings the certificates that open its view', () => {
    const bench = EngineBench.started(4, 0);
    const third = four.proposal(3n, notarized, [four.skip(2n)]);
    const effects = bench.propose(third);
    expect(bench.state.currentView).toBe(3n);
    expect(said(effects)).toContain('vote/notarize:3');
  });
});

describe('notarize', () => {
  test('no notarize after nullify', () => {
    const bench = EngineBench.started(4, 0);
    bench.give(work);
    expect(said(bench.timer('proposal'))).toEqual(['vote/nullify:1']);
    expect(signRequests(bench.propose(first))).toEqual([]);
  });

  test('the intention counts, not the signature', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('sign');
    bench.give(work);
    expect(signRequests(bench.timer('proposal'))).toEqual(['nullify:1']);
    expect(signRequests(bench.propose(first))).toEqual([]);
    expect(signRequests(bench.timer('notarization'))).toEqual([]);
  });

  test('nullify after notarize is allowed', () => {
    const bench = EngineBench.started(4, 0);
    bench.propose(first);
    expect(said(bench.timer('proposal'))).toEqual([]);
    expect(said(bench.timer('notarization'))).toEqual(['vote/nullify:1']);
  });

  test('only first-hand from the leader', () => {
    const bench = EngineBench.started(4, 0);
    expect(bench.propose(first, 2)).toEqual([]);
  });

  test('only after the block is executed and durable', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('verifyBlock');
    const effects = bench.propose(first);
    expect(only(effects, 'verifyBlock')).toMatchObject([{ view: 1n, from: 1 }]);
    expect(signRequests(effects)).toEqual([]);
    const { blockHash } = first.tuple;
    const late = bench.give({ kind: 'blockVerified', view: 1n, blockHash, verdict: 'valid' });
    expect(said(late)).toEqual(['vote/notarize:1']);
  });

  test('an invalid block is skipped at once', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('verifyBlock');
    bench.propose(first);
    const { blockHash } = first.tuple;
    expect(said(bench.give({ kind: 'blockVerified', view: 1n, blockHash, verdict: 'invalid' }))).toEqual([
      'vote/nullify:1',
    ]);
  });

  test('a block found invalid after the view was left is not nullified', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('verifyBlock');
    bench.propose(first);
    bench.certificate(four.skip(1n));
    const { blockHash } = first.tuple;
    expect(signRequests(bench.give({ kind: 'blockVerified', view: 1n, blockHash, verdict: 'invalid' }))).toEqual([]);
  });

  test('a block that is verified after the view was left gets no vote', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('verifyBlock');
    bench.propose(first);
    bench.certificate(four.skip(1n));
    const { blockHash } = first.tuple;
    expect(signRequests(bench.give({ kind: 'blockVerified', view: 1n, blockHash, verdict: 'valid' }))).toEqual([]);
  });

  test('the leader that nullifies its own view is followed', () => {
    const bench = EngineBench.started(4, 0);
    expect(said(bench.vote(four.nullify(1n, 1)))).toEqual(['vote/nullify:1']);
    const ahead = EngineBench.started(4, 0);
    expect(said(ahead.vote(four.nullify(2n, 2)))).toEqual([]);
    expect(said(ahead.certificate(notarized))).toContain('vote/nullify:2');
  });
});

describe('justification', () => {
  const skips = [four.skip(2n), four.skip(3n)];
  const good = four.proposal(4n, notarized, skips);

  test('a full chain of skips is accepted', () => {
    const bench = EngineBench.started(4, 1);
    expect(said(bench.propose(good))).toContain('vote/notarize:4');
  });

  test.each([
    ['a view is missing', four.proposal(4n, notarized, [four.skip(3n)])],
    ['a stray one is there', four.proposal(4n, notarized, [...skips, four.skip(4n)])],
    ['they are out of order', four.proposal(4n, notarized, [four.skip(3n), four.skip(2n)])],
    ['one has no quorum', four.proposal(4n, notarized, [four.skip(2n, [1, 2]), four.skip(3n)])],
    ['the parent certificate has no quorum', four.proposal(4n, four.notarization(first.tuple, [1, 2]), skips)],
    [
      'a genesis parent has the wrong hash',
      four.sign({ ...withTuple(four.proposal(1n, null), { parentHash: `0x${'22'.repeat(32)}` }) }),
    ],
    ['the parent hash is not the certified one', four.sign(withTuple(good, { parentHash: first.tuple.parentHash }))],
  ])('refused when %s, and whoever votes for it is accused', (_name, proposal) => {
    const bench = EngineBench.started(4, proposal.tuple.view === 1n ? 0 : 1);
    const leader = proposal.leaderNotarize.signer;
    const effects = bench.propose(proposal);
    expect(only(effects, 'verifyProposal')).toEqual([]);
    expect(only(effects, 'blockPeer')).toMatchObject([{ peer: leader }]);
    expect(only(effects, 'evidence')).toMatchObject([{ evidence: { kind: 'badJustification', culprit: leader } }]);
  });

  test('a root that does not match the certificates is the leader’s fault alone', () => {
    const bench = EngineBench.started(4, 1);
    const effects = bench.propose(four.sign({ ...good, parentCertificate: four.notarization(first.tuple, [0, 1, 2]) }));
    expect(only(effects, 'blockPeer')).toMatchObject([{ peer: 0 }]);
    expect(only(effects, 'evidence')).toEqual([]);
  });

  test('a certificate with a bad signature inside accuses later voters too', () => {
    const bad = { ...notarized, aggregate: new Uint8Array(96) };
    const proposal = four.proposal(2n, bad);
    const bench = EngineBench.started(4, 0);
    bench.certificate(notarized);
    expect(said(bench.propose(proposal))).toEqual(['vote/nullify:2']);
    const effects = bench.vote(four.tupleVote('notarize', proposal.tuple, 3));
    expect(only(effects, 'evidence')).toMatchObject([{ evidence: { kind: 'badJustification', culprit: 3 } }]);
  });

  test('a bad leader signature accuses nobody', () => {
    const bench = EngineBench.started(4, 0);
    bench.vote(four.tupleVote('notarize', first.tuple, 3));
    const effects = bench.propose({ ...first, leaderSignature: new Uint8Array(96) });
    expect(only(effects, 'evidence')).toEqual([]);
    expect(only(effects, 'blockPeer')).toMatchObject([{ peer: 1 }]);
    expect(said(effects)).toEqual(['vote/nullify:1']);
  });

  test('no vote on a parent below the finalized view', () => {
    const bench = EngineBench.started(4, 0);
    const second = four.proposal(2n, notarized);
    bench.certificate(notarized);
    bench.certificate(four.finalization(second.tuple));
    const effects = bench.propose(four.proposal(3n, notarized, [four.skip(2n)]));
    expect(signRequests(effects)).toEqual([]);
  });
});

describe('finalize', () => {
  test('for an older view too, without body or own notarize', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(four.skip(5n));
    expect(said(bench.certificate(notarized))).toEqual(['vote/finalize:1']);
  });

  test('not against the own notarize', () => {
    const bench = EngineBench.started(4, 0);
    bench.propose(first);
    const other = four.proposal(1n, null, [], 7);
    expect(said(bench.certificate(four.notarization(other.tuple)))).toEqual([]);
    expect(bench.state.currentView).toBe(2n);
  });

  test('no nullify after finalize', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('sign');
    expect(signRequests(bench.certificate(notarized))).toEqual(['finalize:1']);
    expect(signRequests(bench.give({ kind: 'timer', timer: 'notarization', view: 1n }))).toEqual([]);
  });

  test('a higher finalization settles what is below; an older one is not reported', () => {
    const bench = EngineBench.started(4, 0);
    const second = four.proposal(2n, notarized);
    expect(only(bench.certificate(four.finalization(second.tuple)), 'finalized').length).toBe(1);
    expect(bench.certificate(four.finalization(first.tuple))).toEqual([]);
    expect(bench.state).toMatchObject({ finalizedView: 2n, currentView: 3n });
  });
});

describe('votes', () => {
  test('a bad signature is dropped and its sender blocked; the quorum is tried again', () => {
    const bench = EngineBench.started(4, 0);
    bench.propose(first);
    const bad = { ...four.tupleVote('notarize', first.tuple, 2), signature: new Uint8Array(96) };
    expect(only(bench.vote(bad), 'blockPeer')).toMatchObject([{ peer: 2 }]);
    expect(bench.state.currentView).toBe(1n);
    expect(bench.vote(four.tupleVote('notarize', first.tuple, 2))).toEqual([]);
    bench.vote(four.tupleVote('notarize', first.tuple, 3));
    expect(bench.state.currentView).toBe(2n);
  });

  test('votes that come while a bad quorum is checked make the next one', () => {
    const bench = EngineBench.started(4, 0);
    bench.propose(first);
    bench.held.add('aggregate');
    const bad = { ...four.tupleVote('notarize', first.tuple, 2), signature: new Uint8Array(96) };
    const [asked] = only(bench.vote(bad), 'aggregate');
    expect(only(bench.vote(four.tupleVote('notarize', first.tuple, 3)), 'aggregate')).toEqual([]);
    bench.held.clear();
    bench.give({ kind: 'aggregated', requestId: asked?.requestId ?? 0, result: { ok: false, badSigners: [2] } });
    expect(bench.state.currentView).toBe(2n);
  });

  test('only first-hand, and only inside the window', () => {
    const bench = EngineBench.started(4, 0);
    const vote = four.nullify(1n, 3);
    expect(bench.give({ kind: 'vote', from: 2, vote })).toEqual([]);
    expect(bench.vote(four.nullify(3n, 3))).toEqual([]);
    expect(bench.state.views.has(3n)).toBe(false);
    bench.vote(four.nullify(2n, 3));
    expect(bench.state.views.get(2n)?.votes.nullify.has(3)).toBe(true);
  });

  test('a quorum for the next view moves there', () => {
    const bench = EngineBench.started(4, 0);
    for (const signer of [1, 2, 3]) bench.vote(four.nullify(2n, signer));
    expect(bench.state.currentView).toBe(3n);
  });
});

describe('certificates', () => {
  test('a bad one blocks its sender, a second equal one is not verified', () => {
    const bench = EngineBench.started(4, 0);
    expect(only(bench.certificate({ ...notarized, aggregate: new Uint8Array(96) }, 3), 'blockPeer')).toMatchObject([
      { peer: 3 },
    ]);
    expect(bench.state.currentView).toBe(1n);
    expect(only(bench.certificate(notarized, 1), 'verifyCertificate').length).toBe(1);
    expect(bench.certificate(four.notarization(first.tuple, [0, 1, 2]), 2)).toEqual([]);
  });

  test.each([
    ['too few signers', four.notarization(first.tuple, [1, 2])],
    ['a stray bit', { ...notarized, bitmap: Uint8Array.of(0b1110_1110) }],
    ['a bitmap too long', { ...notarized, bitmap: Uint8Array.of(0b1110, 0) }],
  ])('malformed: %s', (_name, certificate) => {
    const bench = EngineBench.started(4, 0);
    const effects = bench.certificate(certificate);
    expect(only(effects, 'blockPeer').length).toBe(1);
    expect(only(effects, 'verifyCertificate')).toEqual([]);
  });

  test('of another epoch: nothing, and no blame', () => {
    const bench = EngineBench.started(4, 0);
    expect(bench.certificate({ ...four.skip(1n), epoch: 2n })).toEqual([]);
  });

  test('one peer can’t have more than a bounded number verified at once', () => {
    const bench = EngineBench.started(4, 0);
    bench.held.add('verifyCertificate');
    for (let view = 1n; view < 200n; view += 1n) bench.certificate(four.skip(view), 2);
    expect(bench.state.requests.size).toBe(48);
  });
});

describe('propose', () => {
  test('over skipped views, at once and without work', () => {
    const bench = EngineBench.started(4, 3);
    bench.certificate(notarized);
    const effects = bench.certificate(four.skip(2n));
    expect(only(effects, 'buildBlock')).toMatchObject([
      { view: 3n, parentView: 1n, parentHash: first.tuple.blockHash },
    ]);
    const [proposal] = effects.flatMap((effect) =>
      effect.kind === 'broadcast' && effect.message.kind === 'proposal' ? [effect.message.proposal] : [],
    );
    expect(proposal?.skipCertificates.map(({ view }) => view)).toEqual([2n]);
    expect(proposal?.tuple.justificationRoot).toBe(justificationRoot(notarized, [four.skip(2n)]));
  });

  test('fetches the certificates it lacks, then proposes', () => {
    const bench = EngineBench.started(4, 3);
    expect(said(bench.certificate(four.skip(2n)))).toEqual(['certificateRequest:1']);
    expect(said(bench.certificate(four.skip(1n)))).toContain('proposal:3');
  });

  test('skips its view at once when it can’t build or the signer refuses', () => {
    const failing = EngineBench.started(4, 1);
    failing.held.add('buildBlock');
    failing.give(work);
    expect(said(failing.give({ kind: 'buildFailed', view: 1n }))).toEqual(['vote/nullify:1']);

    const refused = EngineBench.started(4, 1);
    refused.held.add('sign');
    const [propose] = only(refused.give(work), 'sign');
    refused.held.clear();
    const effects = refused.give({ kind: 'signRefused', requestId: propose?.requestId ?? 0, reason: 'other tuple' });
    expect(said(effects)).toEqual(['vote/nullify:1']);
  });

  test('a block that comes after the view was left is dropped', () => {
    const bench = EngineBench.started(4, 1);
    bench.held.add('buildBlock');
    bench.give(work);
    bench.certificate(four.skip(1n));
    const { block, tuple } = first;
    expect(bench.give({ kind: 'blockBuilt', view: 1n, block, blockHash: tuple.blockHash })).toEqual([]);
  });
});

describe('retry and help', () => {
  test('a retry says again what the others may have missed', () => {
    const bench = EngineBench.started(4, 0);
    bench.give(work);
    bench.propose(first);
    bench.certificate(notarized);
    bench.timer('proposal');
    const effects = bench.timer('retry');
    expect(said(effects)).toEqual(['certificate/notarize:1', 'vote/nullify:2', 'vote/finalize:1']);
    expect(only(effects, 'setTimer')).toMatchObject([{ timer: 'retry', delayMs: 150 }]);
  });

  test('a leader resends its proposal', () => {
    const bench = EngineBench.started(4, 1);
    bench.give(work);
    expect(said(bench.timer('retry'))).toEqual(['proposal:1', 'vote/notarize:1']);
  });

  test('a vote repeated for a settled view brings its sender up', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(notarized);
    bench.certificate(four.finalization(first.tuple));
    expect(bench.vote(four.nullify(1n, 3))).toMatchObject([]);
    const effects = bench.vote(four.nullify(1n, 3));
    expect(effects).toMatchObject([
      { kind: 'send', to: 3 },
      { kind: 'send', to: 3 },
    ]);
    expect(said(effects)).toEqual(['certificate/finalize:1', 'certificate/notarize:1']);
  });

  test('certificate requests and statuses are answered', () => {
    const bench = EngineBench.started(4, 0);
    bench.certificate(four.finalization(first.tuple));
    bench.certificate(four.skip(2n));
    expect(said(bench.give({ kind: 'certificateRequest', from: 2, view: 2n }))).toEqual(['certificate/nullify:2']);
    expect(said(bench.give({ kind: 'certificateRequest', from: 2, view: 9n }))).toEqual([]);
    const status = { epoch: 3n, currentView: 1n, bestFinalization: null };
    expect(said(bench.give({ kind: 'status', from: 2, status }))).toEqual([
      'certificate/nullify:2',
      'certificate/finalize:1',
    ]);
    expect(bench.give({ kind: 'status', from: 2, status: { ...status, epoch: 2n } })).toEqual([]);
  });

  test('a status teaches us a higher finalization', () => {
    const bench = EngineBench.started(4, 0);
    const status = { epoch: 3n, currentView: 2n, bestFinalization: four.finalization(first.tuple) };
    expect(only(bench.give({ kind: 'status', from: 2, status }), 'finalized').length).toBe(1);
  });
});

function withTuple<T extends { readonly tuple: object }>(item: T, patch: Partial<T['tuple']>): T {
  return { ...item, tuple: { ...item.tuple, ...patch } };
}
