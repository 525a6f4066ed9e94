import type { JournalRecord } from '@heddle/consensus';
import { TestChain, testFinalization } from '@heddle/storage/conformance';
import type { NullifyCertificate, Vote } from '@heddle/types';

const SIGNATURE = new Uint8Array(192).fill(9);
const AGGREGATE = new Uint8Array(96).fill(9);
const HASH = `0x${'ab'.repeat(32)}` as const;

export function nullify(view: bigint): JournalRecord {
  const vote: Vote = { kind: 'nullify', epoch: 0n, view, signer: 2, signature: SIGNATURE };
  return { kind: 'ownVote', vote };
}

export function finalizeVote(view: bigint): JournalRecord {
  const { tuple } = testFinalization(view, HASH, HASH);
  return { kind: 'ownVote', vote: { kind: 'finalize', tuple, signer: 2, signature: SIGNATURE } };
}

export function nullification(view: bigint): JournalRecord {
  return { kind: 'certificate', certificate: nullifyCertificate(view) };
}

export function finalization(view: bigint): JournalRecord {
  return { kind: 'certificate', certificate: testFinalization(view, HASH, HASH) };
}

export function floor(view: bigint): JournalRecord {
  return { kind: 'floor', certificate: testFinalization(view, HASH, HASH) };
}

export function epochSwitch(epoch: bigint): JournalRecord {
  return { kind: 'epochSwitch', epoch, validatorSetHash: HASH, baseHash: HASH };
}

function nullifyCertificate(view: bigint): NullifyCertificate {
  return { kind: 'nullify', epoch: 0n, view, bitmap: Uint8Array.of(7), aggregate: AGGREGATE };
}

const genesisBlock = new TestChain(1).genesis.block;

export function firstProposal(view: bigint): JournalRecord {
  const { tuple } = testFinalization(view, HASH, HASH);
  const leaderNotarize = { kind: 'notarize', tuple, signer: 0, signature: SIGNATURE } as const;
  const proposal = {
    tuple,
    block: genesisBlock,
    parentCertificate: testFinalization(view - 2n, HASH, HASH),
    skipCertificates: [nullifyCertificate(view - 1n)],
    leaderSignature: SIGNATURE,
    leaderNotarize,
  };
  return { kind: 'firstProposal', proposal };
}

/** One of each kind about `view`, in the order in which an engine writes them. */
export function recordsOfView(view: bigint): readonly JournalRecord[] {
  return [firstProposal(view), finalizeVote(view), finalization(view), nullify(view + 1n), nullification(view + 1n)];
}
