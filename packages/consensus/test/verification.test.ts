import {
  type Block,
  type BlockHeader,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Endorsement,
  hashChunkHeader,
  justificationRoot,
  type NullifyCertificate,
  type NullifyVote,
  type Proposal,
  type ProposalTuple,
  quorum,
  type TupleCertificate,
  type TupleVote,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  aggregateEndorsements,
  aggregateVotes,
  verifyCertificate,
  verifyEndorsementCertificate,
  verifyProducerSignature,
  verifyProposal,
  verifyRandaoReveal,
  verifyVote,
} from '../src/index.ts';
import { hashOf } from '../src/testing/index.ts';
import { verifyChunkEvidence, verifyEndorsement } from '../src/verification/chunk.ts';
import { announcement } from './support/chunks.ts';
import { blsCommittee, type Committee, hashCommittee, tupleAt } from './support/committees.ts';

const COMMITTEE = blsCommittee(4);

function tupleVotes(
  committee: Committee,
  kind: 'notarize' | 'finalize',
  tuple: ProposalTuple,
  signers: readonly number[],
): TupleVote[] {
  return signers.map((signer) => ({ kind, tuple, signer, signature: committee.sign(signer, { kind, tuple }) }));
}

function nullifyVotes(committee: Committee, view: bigint, signers: readonly number[]): NullifyVote[] {
  return signers.map((signer) => {
    const signature = committee.sign(signer, { kind: 'nullify', epoch: 3n, view });
    return { kind: 'nullify', epoch: 3n, view, signer, signature };
  });
}

function tupleCertificate(committee: Committee, kind: 'notarize' | 'finalize', tuple: ProposalTuple): TupleCertificate {
  const result = aggregateVotes(committee.context, tupleVotes(committee, kind, tuple, [0, 1, 2]));
  if (!result.ok || result.certificate.kind === 'nullify') throw new TypeError('no certificate');
  return result.certificate;
}

function nullifyCertificate(committee: Committee, view: bigint): NullifyCertificate {
  const result = aggregateVotes(committee.context, nullifyVotes(committee, view, [1, 2, 3]));
  if (!result.ok || result.certificate.kind !== 'nullify') throw new TypeError('no certificate');
  return result.certificate;
}

describe('votes and certificates', () => {
  test('a quorum becomes a certificate that verifies; changed in any way it does not', () => {
    const { context } = COMMITTEE;
    const certificate = tupleCertificate(COMMITTEE, 'notarize', tupleAt(5n, 4n));
    expect(verifyCertificate(context, certificate)).toBe(true);
    expect([...certificate.bitmap]).toEqual([0b0111]);
    expect(verifyCertificate(context, nullifyCertificate(COMMITTEE, 5n))).toBe(true);
    const bad = [
      { ...certificate, kind: 'finalize' as const },
      { ...certificate, tuple: tupleAt(6n, 4n) },
      { ...certificate, tuple: { ...certificate.tuple, epoch: 4n } },
      { ...certificate, bitmap: Uint8Array.of(0b1110) },
      { ...certificate, bitmap: Uint8Array.of(0b0011) },
      { ...certificate, bitmap: Uint8Array.of(0b10111) },
      { ...certificate, bitmap: Uint8Array.of(0b0111, 0) },
      { ...certificate, bitmap: new Uint8Array(0) },
      { ...certificate, aggregate: certificate.aggregate.toReversed() },
      { ...certificate, aggregate: new Uint8Array(0) },
      { ...nullifyCertificate(COMMITTEE, 5n), view: 6n },
    ];
    for (const entry of bad) expect(verifyCertificate(context, entry)).toBe(false);
  });

  test('less than a quorum never verifies, though every signature is good', () => {
    const three = blsCommittee(3);
    const certificate = tupleCertificate(three, 'finalize', tupleAt(2n, 1n));
    // The same two of n = 4 are no quorum.
    expect(verifyCertificate(COMMITTEE.context, { ...certificate, bitmap: Uint8Array.of(0b0011) })).toBe(false);
    expect(verifyCertificate(three.context, certificate)).toBe(true);
  });

  test('a true aggregate of too few, or of another epoch, is no certificate', () => {
    const { context } = COMMITTEE;
    const votes = nullifyVotes(COMMITTEE, 5n, [0, 1]);
    const aggregate = context.scheme.aggregate(votes.map(({ signature }) => signature)) ?? new Uint8Array(0);
    const certificate = { kind: 'nullify', epoch: 3n, view: 5n, bitmap: Uint8Array.of(0b0011), aggregate } as const;
    expect(verifyCertificate(context, certificate)).toBe(false);
    const foreign = tupleCertificate(COMMITTEE, 'notarize', tupleAt(5n, 4n, { epoch: 4n }));
    expect(verifyCertificate(context, foreign)).toBe(false);
  });

  test('bad signatures are found by their signers: garbage, another vote, an unknown signer', () => {
    const { context } = COMMITTEE;
    const tuple = tupleAt(5n, 4n);
    const [a, b, c, d] = tupleVotes(COMMITTEE, 'notarize', tuple, [0, 1, 2, 3]);
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new TypeError('votes');
    const garbage = { ...b, signature: new Uint8Array(96).fill(1) };
    const foreign = { ...c, signature: COMMITTEE.sign(2, { kind: 'finalize', tuple }) };
    const unknown = { ...d, signer: 9 };
    expect(aggregateVotes(context, [a, garbage, c, d])).toEqual({ ok: false, badSigners: [1] });
    expect(aggregateVotes(context, [d, foreign, garbage, a])).toEqual({ ok: false, badSigners: [1, 2] });
    expect(aggregateVotes(context, [a, b, unknown])).toEqual({ ok: false, badSigners: [9] });
    expect(verifyVote(context, a)).toBe(true);
    expect([garbage, foreign, unknown].some((vote) => verifyVote(context, vote))).toBe(false);
  });

  test('calls that make no sense are bugs of the caller', () => {
    const { context } = COMMITTEE;
    const [a, b, c] = tupleVotes(COMMITTEE, 'notarize', tupleAt(5n, 4n), [0, 1, 2]);
    const [other] = tupleVotes(COMMITTEE, 'notarize', tupleAt(6n, 4n), [2]);
    if (a === undefined || b === undefined || c === undefined || other === undefined) throw new TypeError('votes');
    for (const votes of [[], [a, b], [a, a, b], [a, b, other], [a, b, { ...c, kind: 'finalize' as const }]]) {
      expect(() => aggregateVotes(context, votes)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    }
  });

  test('law: exactly the bad ones are named, in logarithmically many checks', () => {
    const committee = hashCommittee(100);
    const request = { kind: 'nullify', epoch: 3n, view: 9n } as const;
    const good = nullifyVotes(committee, 9n, [...Array(100).keys()]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99), { maxLength: 6 }), (bad) => {
        const votes = good.map((vote) =>
          bad.includes(vote.signer)
            ? { ...vote, signature: committee.sign(vote.signer, { ...request, view: 8n }) }
            : vote,
        );
        committee.counter.checks = 0;
        const result = aggregateVotes(committee.context, votes);
        if (bad.length === 0) expect(result.ok).toBe(true);
        else expect(result).toEqual({ ok: false, badSigners: bad.toSorted((a, b) => a - b) });
        expect(committee.counter.checks).toBeLessThanOrEqual(1 + 2 * 7 * bad.length);
      }),
      { numRuns: 40 },
    );
  });

  test('every committee size certifies with exactly its quorum', () => {
    for (let n = 1; n <= 20; n++) {
      const committee = hashCommittee(n);
      const signers = [...Array(quorum(n)).keys()].map((i) => n - 1 - i);
      const result = aggregateVotes(committee.context, nullifyVotes(committee, 1n, signers));
      expect(result.ok && verifyCertificate(committee.context, result.certificate)).toBe(true);
    }
  });
});

function blockOf(view: bigint, leader: number): Block {
  const header: BlockHeader = {
    parentHash: ZERO_HASH,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot: EMPTY_TRIE_ROOT,
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number: view,
    gasLimit: 0n,
    gasUsed: 0n,
    timestamp: 0n,
    extraData: new Uint8Array(32),
    mixHash: ZERO_HASH,
    nonce: new Uint8Array(8),
    baseFeePerGas: 7n,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: ZERO_HASH,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
  const randaoReveal = COMMITTEE.sign(leader, { kind: 'randao', epoch: 3n, view });
  return { header, view, leader, randaoReveal, chunks: [], section: null };
}

/** A good proposal of validator 1 in `view` on the block of `parentView`. */
function proposalOf(view: bigint, parentView: bigint): Proposal {
  const parentTuple = tupleAt(parentView, parentView - 1n);
  const parentCertificate = parentView === 0n ? null : tupleCertificate(COMMITTEE, 'notarize', parentTuple);
  const skipCertificates: NullifyCertificate[] = [];
  for (let skipped = parentView + 1n; skipped < view; skipped++)
    skipCertificates.push(nullifyCertificate(COMMITTEE, skipped));
  const root = justificationRoot(parentCertificate, skipCertificates);
  return signed({ tuple: tupleAt(view, parentView, { justificationRoot: root }), parentCertificate, skipCertificates });
}

function signed(parts: Pick<Proposal, 'tuple' | 'parentCertificate' | 'skipCertificates'>, leader = 1): Proposal {
  const [leaderNotarize] = tupleVotes(COMMITTEE, 'notarize', parts.tuple, [leader]);
  if (leaderNotarize === undefined) throw new TypeError('no vote');
  const leaderSignature = COMMITTEE.sign(leader, { kind: 'propose', tuple: parts.tuple });
  return { ...parts, block: blockOf(parts.tuple.view, leader), leaderSignature, leaderNotarize };
}

describe('proposals', () => {
  test('good ones verify: on the genesis, on the last view, over skipped views', () => {
    for (const [view, parentView] of [
      [1n, 0n],
      [3n, 0n],
      [5n, 4n],
      [7n, 4n],
    ] as const) {
      expect(verifyProposal(COMMITTEE.context, proposalOf(view, parentView))).toBe('good');
    }
  });

  const good = proposalOf(7n, 4n);
  const other = proposalOf(7n, 5n);
  const { tuple, parentCertificate, skipCertificates } = good;
  const [first, second] = skipCertificates;
  if (first === undefined || second === undefined || parentCertificate === null) throw new TypeError('parts');
  const badSkip = [first, { ...second, aggregate: first.aggregate }];

  test('what the leader did not sign accuses nobody', () => {
    const unsigned: Proposal[] = [
      { ...good, leaderSignature: other.leaderSignature },
      { ...good, leaderNotarize: other.leaderNotarize },
      { ...good, leaderNotarize: { ...good.leaderNotarize, signer: 2 } },
      { ...good, leaderNotarize: { ...good.leaderNotarize, signer: 9 } },
      { ...good, leaderNotarize: { ...good.leaderNotarize, signature: good.leaderSignature } },
      { ...good, leaderNotarize: { ...good.leaderNotarize, kind: 'finalize' } },
      // Certificates that are not the ones the tuple commits to: anyone can put them there.
      { ...good, parentCertificate: null },
      { ...good, parentCertificate: other.parentCertificate },
      { ...good, skipCertificates: [first] },
      { ...good, skipCertificates: badSkip },
      signed({ tuple: { ...tuple, justificationRoot: hashOf(1) }, parentCertificate, skipCertificates }),
      signed({ tuple: { ...tuple, epoch: 4n }, parentCertificate, skipCertificates }),
    ];
    for (const [index, proposal] of unsigned.entries()) {
      expect([index, verifyProposal(COMMITTEE.context, proposal)]).toEqual([index, 'badSignature']);
    }
  });

  test('well signed, but the certificates prove nothing', () => {
    const withParts = (
      parent: TupleCertificate | null,
      skips: readonly NullifyCertificate[],
      changes: Partial<ProposalTuple> = {},
    ): Proposal => {
      const root = justificationRoot(parent, skips);
      const parts = { parentCertificate: parent, skipCertificates: skips };
      return signed({ tuple: { ...tuple, justificationRoot: root, ...changes }, ...parts });
    };
    const badParent = { ...parentCertificate, aggregate: first.aggregate };
    const fewSigners = { ...parentCertificate, bitmap: Uint8Array.of(0b0011) };
    const bad = [
      withParts(parentCertificate, [second, first]),
      withParts(parentCertificate, [first]),
      withParts(parentCertificate, [first, second, second]),
      withParts(parentCertificate, badSkip),
      withParts(badParent, skipCertificates),
      withParts(fewSigners, skipCertificates),
      withParts(null, skipCertificates),
      withParts(parentCertificate, skipCertificates, { parentHash: hashOf(1) }),
      withParts(parentCertificate, skipCertificates, { parentView: 3n }),
      withParts(parentCertificate, [], { view: 4n }),
      withParts(null, [], { view: 1n, parentView: 0n, parentHash: hashOf(1) }), // not the start of the epoch
    ];
    for (const [index, proposal] of bad.entries()) {
      expect([index, verifyProposal(COMMITTEE.context, proposal)]).toEqual([index, 'badJustification']);
    }
  });

  test('the randao reveal is the block leader’s, for its view', () => {
    const block = blockOf(5n, 2);
    expect(verifyRandaoReveal(COMMITTEE.context, block)).toBe(true);
    for (const bad of [
      { ...block, view: 6n },
      { ...block, leader: 1 },
      { ...block, leader: 7 },
    ]) {
      expect(verifyRandaoReveal(COMMITTEE.context, bad)).toBe(false);
    }
  });
});

describe('chunks', () => {
  const chunk = ((): ReturnType<typeof announcement> => {
    const { header } = announcement(1, hashOf(1), 4n, 4);
    const chunkHash = hashChunkHeader(header);
    const { shard, parentBlockHash, height } = header;
    const signature = COMMITTEE.sign(header.producer, { kind: 'produce', shard, parentBlockHash, chunkHash, height });
    return { header, chunkHash, signature };
  })();

  function endorse(signer: number, chunkHash = chunk.chunkHash): Endorsement {
    const { shard, parentBlockHash, height } = chunk.header;
    const signature = COMMITTEE.sign(signer, { kind: 'endorse', shard, parentBlockHash, chunkHash, height });
    return { shard, parentBlockHash, chunkHash, signer, signature };
  }

  test('the producer’s signature covers shard, parent and hash', () => {
    const { context } = COMMITTEE;
    expect(verifyProducerSignature(context, chunk)).toBe(true);
    const { header } = chunk;
    const bad = [
      { ...chunk, chunkHash: hashOf(1) },
      { ...chunk, header: { ...header, shard: 0 } },
      { ...chunk, header: { ...header, parentBlockHash: hashOf(2) } },
      { ...chunk, header: { ...header, producer: 0 } },
      { ...chunk, header: { ...header, producer: 12 } },
      { ...chunk, signature: endorse(header.producer).signature },
    ];
    for (const entry of bad) expect(verifyProducerSignature(context, entry)).toBe(false);
  });

  test('endorsements become a certificate, or name the bad', () => {
    const { context } = COMMITTEE;
    const result = aggregateEndorsements(context, [endorse(3), endorse(0), endorse(1)]);
    if (!result.ok) throw new TypeError('no certificate');
    expect(verifyEndorsementCertificate(context, result.certificate)).toBe(true);
    for (const changes of [
      { shard: 0 },
      { chunkHash: hashOf(1) },
      { bitmap: Uint8Array.of(0b0111) },
      { bitmap: Uint8Array.of(3) },
    ]) {
      expect(verifyEndorsementCertificate(context, { ...result.certificate, ...changes })).toBe(false);
    }
    const forged = { ...endorse(2), signature: endorse(1).signature };
    expect(aggregateEndorsements(context, [endorse(0), forged, endorse(1)])).toEqual({ ok: false, badSigners: [2] });
    expect([verifyEndorsement(context, endorse(2)), verifyEndorsement(context, forged)]).toEqual([true, false]);
  });

  test('evidence holds only if both signatures do and the two differ in one place', () => {
    const { context } = COMMITTEE;
    const endorsed = { kind: 'doubleEndorse', culprit: 2, first: endorse(2), second: endorse(2, hashOf(8)) } as const;
    expect(verifyChunkEvidence(context, endorsed)).toBe(true);
    expect(verifyChunkEvidence(context, { ...endorsed, second: endorsed.first })).toBe(false);
    expect(verifyChunkEvidence(context, { ...endorsed, culprit: 1 })).toBe(false);
    expect(verifyChunkEvidence(context, { ...endorsed, second: { ...endorsed.second, chunkHash: hashOf(9) } })).toBe(
      false,
    );
    const header = { ...chunk.header, timestamp: 9n };
    const chunkHash = hashChunkHeader(header);
    const { shard, parentBlockHash, height, producer } = header;
    const signature = COMMITTEE.sign(producer, { kind: 'produce', shard, parentBlockHash, chunkHash, height });
    const produced = {
      kind: 'doubleProduce',
      culprit: producer,
      first: chunk,
      second: { header, chunkHash, signature },
    } as const;
    expect(verifyChunkEvidence(context, produced)).toBe(true);
    expect(verifyChunkEvidence(context, { ...produced, second: { ...produced.second, header: chunk.header } })).toBe(
      false,
    );
    expect(
      verifyChunkEvidence(context, { ...produced, second: { ...produced.second, signature: chunk.signature } }),
    ).toBe(false);
  });
});
