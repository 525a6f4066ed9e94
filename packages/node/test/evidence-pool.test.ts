import { BLS_SIGNATURE_BYTES, bytesToHex } from '@heddle/primitives';
import type { EvidenceReport, ProposalTuple, Vote } from '@heddle/types';
import { ZERO_HASH } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_EVIDENCE_PER_CULPRIT, MAX_EVIDENCE_POOL_BYTES } from '../src/limits.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import type { ProvenEvidence } from '../src/parts/events.ts';
import { EvidencePool } from '../src/peers/evidence-pool.ts';
import { EMPTY_PEER, FakeLink } from './support/fake-link.ts';

let link: FakeLink;
let judged: number;
let refused: string[];
let proven: ProvenEvidence[];
let logged: number;
let pool: EvidencePool;

beforeEach(() => {
  link = new FakeLink();
  for (const peer of ['1', '2', '3']) link.peers.set(peer, EMPTY_PEER);
  judged = 0;
  refused = [];
  proven = [];
  logged = 0;
  pool = new EvidencePool({
    link,
    log: { ...SILENT_LOGGER, child: () => ({ ...SILENT_LOGGER, warn: () => (logged += 1) }) },
    validatorsByEpoch: {
      // Signatures that begin with 1 are good ones here; the real judge has tests of its own.
      judge: ({ epoch, evidence }) => {
        judged += 1;
        if (epoch !== 0n) return null;
        if (evidence.kind === 'conflictingCertificates') return evidence.culprits;
        if (evidence.kind === 'badJustification') return [evidence.culprit];
        return evidence.first.signature[0] === 1 ? [evidence.culprit] : [];
      },
    },
    events: {
      blame: (peer, reason) => refused.push(`${peer} ${reason}`),
      evidenceProven: (evidence) => proven.push(evidence),
    },
  });
});

function tuple(view: bigint, block = 1): ProposalTuple {
  const blockHash = bytesToHex(new Uint8Array(32).fill(block));
  return { epoch: 0n, view, parentView: 0n, parentHash: ZERO_HASH, blockHash, justificationRoot: ZERO_HASH };
}

function vote(signer: number, view: bigint, block: number, mark: number): Vote {
  return {
    kind: 'notarize',
    tuple: tuple(view, block),
    signer,
    signature: new Uint8Array(BLS_SIGNATURE_BYTES).fill(mark),
  };
}

function doubleVote(culprit: number, view = 1n, mark = 1, epoch = 0n): EvidenceReport {
  const [first, second] = [vote(culprit, view, 1, mark), vote(culprit, view, 2, mark)];
  return { epoch, evidence: { kind: 'doubleVote', culprit, first, second } };
}

describe('evidence that proves', () => {
  test('is kept, logged, told and passed on once, but not back', () => {
    const report = doubleVote(3);
    pool.receive(report, '2');
    pool.receive(report, '1');
    pool.found(report);
    expect(pool.entries).toEqual([{ ...report, culprits: [3] }]);
    expect(proven).toEqual(pool.entries);
    expect(link.evidence).toEqual([
      ['1', report],
      ['3', report],
    ]);
    expect([logged, judged]).toEqual([1, 1]);
    expect(pool.counts).toEqual({ kept: 1, ignored: 1, refused: 0 });
  });

  test('found here goes to everyone', () => {
    pool.found(doubleVote(3));
    expect(link.evidence.map(([to]) => to)).toEqual(['1', '2', '3']);
  });

  test('of another kind, view or culprit is another piece', () => {
    pool.found(doubleVote(3));
    pool.found(doubleVote(3, 2n));
    pool.found(doubleVote(2));
    const first = { tuple: tuple(1n), leader: 3, signature: new Uint8Array(BLS_SIGNATURE_BYTES).fill(1) };
    pool.found({ epoch: 0n, evidence: { kind: 'doublePropose', culprit: 3, first, second: first } });
    expect(pool.entries).toHaveLength(4);
  });

  test('against several: taken while it accuses one who is not known yet', () => {
    const certificate = {
      kind: 'nullify',
      epoch: 0n,
      view: 4n,
      bitmap: Uint8Array.of(7),
      aggregate: new Uint8Array(96),
    } as const;
    const against = (culprits: readonly number[]): EvidenceReport => ({
      epoch: 0n,
      evidence: { kind: 'conflictingCertificates', culprits, first: certificate, second: certificate },
    });
    for (const culprits of [
      [1, 2],
      [2, 1],
      [2, 3],
      [1, 3],
    ])
      pool.found(against(culprits));
    expect(pool.entries.map(({ culprits }) => culprits)).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });
});

describe('evidence that proves nothing', () => {
  test('of a peer: it can’t have believed it', () => {
    pool.receive(doubleVote(3, 1n, 0), '2');
    expect(refused).toEqual(['2 evidence: doubleVote that proves nothing']);
    expect(pool.entries).toEqual([]);
    expect(pool.counts).toEqual({ kept: 0, ignored: 0, refused: 1 });
    expect(judged).toBe(1);
    pool.receive(doubleVote(3, 1n), '1'); // the forgery has not taken its place
    expect(pool.entries).toHaveLength(1);
  });

  test('of a protocol here: forgotten, and it stands in the way of nothing', () => {
    pool.found(doubleVote(3, 1n, 0));
    expect([refused, link.evidence, proven]).toEqual([[], [], []]);
    pool.found(doubleVote(3));
    expect(pool.entries).toHaveLength(1);
  });

  test('of an epoch that is not known here: ignored, its sender may be right', () => {
    pool.receive(doubleVote(3, 1n, 1, 7n), '2');
    expect([refused, pool.entries, link.evidence]).toEqual([[], [], []]);
    expect(pool.counts.ignored).toBe(1);
  });
});

describe('bounds', () => {
  test('a validator that never stops accusing itself fills its own share, unchecked from then on', () => {
    for (let view = 1n; view <= 10_000n; view++) pool.receive(doubleVote(3, view), '3');
    expect(pool.entries).toHaveLength(MAX_EVIDENCE_PER_CULPRIT);
    expect(judged).toBe(MAX_EVIDENCE_PER_CULPRIT);
    expect(link.evidence).toHaveLength(2 * MAX_EVIDENCE_PER_CULPRIT);
    pool.receive(doubleVote(2), '3');
    expect(pool.entries).toHaveLength(MAX_EVIDENCE_PER_CULPRIT + 1);
  });

  test('large pieces of some leave half of the room to the others', () => {
    const skip = {
      kind: 'nullify',
      epoch: 0n,
      view: 1n,
      bitmap: new Uint8Array(128),
      aggregate: new Uint8Array(96),
    } as const;
    const large = (culprit: number, view: bigint): EvidenceReport => ({
      epoch: 0n,
      evidence: {
        kind: 'badJustification',
        culprit,
        vote: { kind: 'notarize', tuple: tuple(view), signer: culprit, signature: new Uint8Array(BLS_SIGNATURE_BYTES) },
        parentCertificate: null,
        skipCertificates: Array(16_000).fill(skip),
      },
    });
    for (const culprit of [1, 2]) for (let view = 1n; view <= 8n; view++) pool.found(large(culprit, view));
    const ofFew = pool.entries.length;
    expect(ofFew).toBeLessThan(12);
    expect(ofFew * 3_900_000).toBeGreaterThan(MAX_EVIDENCE_POOL_BYTES / 2 - 4_200_000);
    pool.found(doubleVote(3));
    expect(pool.entries).toHaveLength(ofFew + 1);
  });
});
