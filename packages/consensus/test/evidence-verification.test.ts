import {
  type AnyEvidence,
  type ChunkAnnouncement,
  type Endorsement,
  hashChunkHeader,
  justificationRoot,
  type NullifyCertificate,
  type SignedTuple,
  type TupleVote,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { verifyEvidence } from '../src/index.ts';
import { EPOCH, hashOf, Others, verificationContext } from '../src/testing/index.ts';
import { announcement } from './support/chunks.ts';

const N = 4;
const CULPRIT = 3;
const context = verificationContext(N);
const four = new Others(N);
const one = four.proposal(3n, null, [four.skip(1n), four.skip(2n)]).tuple;
const two = { ...one, blockHash: hashOf(8) };

function propose(tuple: SignedTuple['tuple'], leader = CULPRIT): SignedTuple {
  return { tuple, leader, signature: four.signatures.sign(leader, { kind: 'propose', tuple }) };
}

function produced(timestamp: bigint): ChunkAnnouncement {
  const header = { ...announcement(1, hashOf(1), 2n, N).header, producer: CULPRIT, timestamp };
  const chunkHash = hashChunkHeader(header);
  const { shard, parentBlockHash, height } = header;
  return {
    header,
    chunkHash,
    signature: four.signatures.sign(CULPRIT, { kind: 'produce', shard, parentBlockHash, chunkHash, height }),
  };
}

function endorsed(byte: number): Endorsement {
  const place = { shard: 1, parentBlockHash: hashOf(1), chunkHash: hashOf(byte) };
  return {
    ...place,
    signer: CULPRIT,
    signature: four.signatures.sign(CULPRIT, { kind: 'endorse', ...place, height: 0n }),
  };
}

/** A notarize vote for a tuple that commits to these certificates, and the certificates. */
function vouched(
  skips: readonly NullifyCertificate[],
  parentHash = four.proposal(1n, null).tuple.parentHash,
): AnyEvidence {
  const tuple = { ...one, parentHash, justificationRoot: justificationRoot(null, skips) };
  const vote = four.tupleVote('notarize', tuple, CULPRIT);
  return { kind: 'badJustification', culprit: CULPRIT, vote, parentCertificate: null, skipCertificates: skips };
}

const unquorate = four.skip(2n, [2, 3]);
const forged = { ...four.skip(2n), aggregate: new Uint8Array(96).fill(1) };
const notarize = four.tupleVote('notarize', one, CULPRIT);

const TRUE_EVIDENCE: readonly AnyEvidence[] = [
  { kind: 'doublePropose', culprit: CULPRIT, first: propose(one), second: propose(two) },
  { kind: 'doubleVote', culprit: CULPRIT, first: notarize, second: four.tupleVote('notarize', two, CULPRIT) },
  {
    kind: 'doubleVote',
    culprit: CULPRIT,
    first: four.tupleVote('finalize', two, CULPRIT),
    second: four.tupleVote('finalize', one, CULPRIT),
  },
  { kind: 'notarizeAndFinalize', culprit: CULPRIT, first: notarize, second: four.tupleVote('finalize', two, CULPRIT) },
  {
    kind: 'nullifyAndFinalize',
    culprit: CULPRIT,
    first: four.nullify(3n, CULPRIT),
    second: four.tupleVote('finalize', one, CULPRIT),
  },
  vouched([four.skip(1n), forged]),
  vouched([four.skip(1n), unquorate]),
  vouched([four.skip(1n)]),
  vouched([four.skip(2n), four.skip(1n)]),
  vouched([four.skip(1n), four.skip(2n)], hashOf(9)),
  { kind: 'doubleProduce', culprit: CULPRIT, first: produced(1n), second: produced(2n) },
  { kind: 'doubleEndorse', culprit: CULPRIT, first: endorsed(5), second: endorsed(6) },
];

const CONFLICTING: readonly AnyEvidence[] = [
  {
    kind: 'conflictingCertificates',
    culprits: [1, 3],
    first: four.notarization(one, [0, 1, 3]),
    second: four.finalization(two, [1, 2, 3]),
  },
  {
    kind: 'conflictingCertificates',
    culprits: [1, 3],
    first: four.skip(3n, [0, 1, 3]),
    second: four.finalization(one, [1, 2, 3]),
  },
];

describe('what proves', () => {
  test.each(TRUE_EVIDENCE.map((evidence, index) => [`${evidence.kind} ${index}`, evidence] as const))(
    '%s',
    (_, evidence) => {
      expect(verifyEvidence(context, evidence)).toEqual([CULPRIT]);
    },
  );

  test('conflicting certificates, against who signed both, whatever the evidence claims', () => {
    for (const evidence of CONFLICTING) expect(verifyEvidence(context, evidence)).toEqual([1, 3]);
    const [first] = CONFLICTING;
    if (first?.kind !== 'conflictingCertificates') throw new TypeError('certificates');
    expect(verifyEvidence(context, { ...first, culprits: [0] })).toEqual([1, 3]);
  });
});

describe('what proves nothing', () => {
  const other = four.tupleVote('notarize', two, 2);
  const forgedVote: TupleVote = { ...four.tupleVote('notarize', two, CULPRIT), signature: other.signature };
  const later = { ...two, view: 4n };
  const good = vouched([four.skip(1n), four.skip(2n)]);
  const bad = vouched([four.skip(1n), forged]);
  if (good.kind !== 'badJustification' || bad.kind !== 'badJustification') throw new TypeError('kinds');
  const foreign = { ...one, epoch: EPOCH + 1n };

  const FALSE_EVIDENCE: readonly (readonly [string, AnyEvidence])[] = [
    ['the same vote twice', { kind: 'doubleVote', culprit: 3, first: notarize, second: notarize }],
    ['votes of two validators', { kind: 'doubleVote', culprit: 3, first: notarize, second: other }],
    ['a vote whose signature is bad', { kind: 'doubleVote', culprit: 3, first: notarize, second: forgedVote }],
    [
      'another culprit',
      { kind: 'doubleVote', culprit: 1, first: notarize, second: four.tupleVote('notarize', two, 3) },
    ],
    [
      'votes in two views',
      { kind: 'doubleVote', culprit: 3, first: notarize, second: four.tupleVote('notarize', later, 3) },
    ],
    [
      'votes in two epochs',
      { kind: 'doubleVote', culprit: 3, first: notarize, second: four.tupleVote('notarize', foreign, 3) },
    ],
    [
      'votes of another epoch',
      {
        kind: 'doubleVote',
        culprit: 3,
        first: four.tupleVote('notarize', foreign, 3),
        second: four.tupleVote('notarize', { ...foreign, blockHash: hashOf(8) }, 3),
      },
    ],
    [
      'nullify after notarize',
      { kind: 'nullifyAndFinalize', culprit: 3, first: notarize, second: four.nullify(3n, 3) },
    ],
    [
      'notarize and finalize of one tuple',
      { kind: 'notarizeAndFinalize', culprit: 3, first: notarize, second: four.tupleVote('finalize', one, 3) },
    ],
    [
      'a contradiction of another kind',
      { kind: 'doubleVote', culprit: 3, first: notarize, second: four.tupleVote('finalize', two, 3) },
    ],
    ['one proposal twice', { kind: 'doublePropose', culprit: 3, first: propose(one), second: propose(one) }],
    ['proposals of two views', { kind: 'doublePropose', culprit: 3, first: propose(one), second: propose(later) }],
    ['proposals of two leaders', { kind: 'doublePropose', culprit: 3, first: propose(one), second: propose(two, 1) }],
    [
      'a notarize vote in place of a proposal',
      {
        kind: 'doublePropose',
        culprit: 3,
        first: propose(one),
        second: { tuple: two, leader: 3, signature: other.signature },
      },
    ],
    ['a vote for what is well justified', good],
    ['certificates that the tuple does not name', { ...good, skipCertificates: bad.skipCertificates }],
    ['a bad justification that nobody signed', { ...bad, vote: { ...bad.vote, signature: other.signature } }],
    ['a finalize vote for it', { ...bad, vote: four.tupleVote('finalize', bad.vote.tuple, CULPRIT) }],
    [
      'chunks of two shards',
      { kind: 'doubleEndorse', culprit: 3, first: endorsed(5), second: { ...endorsed(6), shard: 0 } },
    ],
    ['one chunk twice', { kind: 'doubleProduce', culprit: 3, first: produced(1n), second: produced(1n) }],
    [
      'certificates that agree',
      {
        kind: 'conflictingCertificates',
        culprits: [1, 2, 3],
        first: four.notarization(one),
        second: four.finalization(one),
      },
    ],
    [
      'a notarization and a nullification',
      { kind: 'conflictingCertificates', culprits: [1, 2, 3], first: four.notarization(one), second: four.skip(3n) },
    ],
    [
      'certificates of two views',
      { kind: 'conflictingCertificates', culprits: [1, 2, 3], first: four.finalization(one), second: four.skip(2n) },
    ],
    [
      'a certificate of too few',
      { kind: 'conflictingCertificates', culprits: [3], first: four.finalization(one), second: four.skip(3n, [0, 3]) },
    ],
    [
      'a certificate that does not verify',
      {
        kind: 'conflictingCertificates',
        culprits: [1, 2, 3],
        first: four.finalization(one),
        second: { ...four.skip(3n), aggregate: new Uint8Array(96) },
      },
    ],
  ];

  test.each(FALSE_EVIDENCE)('%s', (_, evidence) => {
    expect(verifyEvidence(context, evidence)).toEqual([]);
  });
});
