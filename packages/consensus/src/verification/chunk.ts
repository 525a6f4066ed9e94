import { assert } from '@heddle/primitives';
import {
  type ChunkAnnouncement,
  type ChunkEvidence,
  type Endorsement,
  type EndorsementCertificate,
  hashChunkHeader,
  type SigningRequest,
  signingMessage,
} from '@heddle/types';
import type { Aggregation } from '../aggregation.ts';
import { aggregateParts } from './aggregate.ts';
import { verifyQuorum } from './certificate.ts';
import type { VerificationContext } from './context.ts';

/** What endorsers of a chunk sign. The height is no part of the message. */
function endorseRequest(subject: Endorsement | EndorsementCertificate): SigningRequest {
  const { shard, parentBlockHash, chunkHash } = subject;
  return { kind: 'endorse', shard, parentBlockHash, chunkHash, height: 0n };
}

/** Tag 6 by the producer that the header names. That it was the producer's turn is the chunk protocol's to check. */
export function verifyProducerSignature(context: VerificationContext, announcement: ChunkAnnouncement): boolean {
  const { header, chunkHash, signature } = announcement;
  const producer = context.set.validators[header.producer];
  if (producer === undefined) return false;
  const { shard, parentBlockHash, height } = header;
  const message = signingMessage(context.domain, { kind: 'produce', shard, parentBlockHash, chunkHash, height });
  return context.scheme.verify(producer.publicKey, message, signature);
}

/** One endorsement on its own: for evidence. The chunk protocol verifies quorums only. */
export function verifyEndorsement(context: VerificationContext, endorsement: Endorsement): boolean {
  const signer = context.set.validators[endorsement.signer];
  if (signer === undefined) return false;
  const message = signingMessage(context.domain, endorseRequest(endorsement));
  return context.scheme.verify(signer.publicKey, message, endorsement.signature);
}

/** Bitmap form, quorum and aggregate signature. Never throws on bad input. */
export function verifyEndorsementCertificate(
  context: VerificationContext,
  certificate: EndorsementCertificate,
): boolean {
  return verifyQuorum(context, endorseRequest(certificate), certificate.bitmap, certificate.aggregate);
}

/**
 * Makes a certificate of equal endorsements, or names the signers whose signatures are bad.
 *
 * @param endorsements at least a quorum, of one chunk, one per signer (else ImpossibleStateError).
 */
export function aggregateEndorsements(
  context: VerificationContext,
  endorsements: readonly Endorsement[],
): Aggregation<EndorsementCertificate> {
  const first = endorsements[0];
  assert(first !== undefined, 'there are endorsements to aggregate');
  const { shard, parentBlockHash, chunkHash } = first;
  assert(
    endorsements.every((other) => isSamePlace(first, other) && other.chunkHash === chunkHash),
    'endorsements of one chunk are aggregated',
  );
  const result = aggregateParts(context, endorseRequest(first), endorsements);
  if (!result.ok) return result;
  const { bitmap, aggregate } = result.certificate;
  return { ok: true, certificate: { shard, parentBlockHash, chunkHash, bitmap, aggregate } };
}

/** Whether the evidence proves what it says: the culprit signed two different things in one place. */
export function verifyChunkEvidence(context: VerificationContext, evidence: ChunkEvidence): boolean {
  const { culprit, first, second } = evidence;
  if (first.chunkHash === second.chunkHash) return false;
  if (evidence.kind === 'doubleEndorse') {
    const endorsements = [evidence.first, evidence.second];
    if (!isSamePlace(evidence.first, evidence.second)) return false;
    return endorsements.every((entry) => entry.signer === culprit && verifyEndorsement(context, entry));
  }
  if (!isSamePlace(evidence.first.header, evidence.second.header)) return false;
  return [evidence.first, evidence.second].every(
    (entry) =>
      entry.header.producer === culprit &&
      hashChunkHeader(entry.header) === entry.chunkHash &&
      verifyProducerSignature(context, entry),
  );
}

type ChunkPlace = Pick<Endorsement, 'shard' | 'parentBlockHash'>;

function isSamePlace(a: ChunkPlace, b: ChunkPlace): boolean {
  return a.shard === b.shard && a.parentBlockHash === b.parentBlockHash;
}
