import type { ConsensusMessage } from '@heddle/consensus';
import { type Claim, signedProposal, unsignedProposal } from '@heddle/consensus/testing';
import { BLS_AGGREGATE_BYTES } from '@heddle/primitives';
import {
  bitmapOf,
  type Certificate,
  type Chunk,
  hashChunkHeader,
  type Proposal,
  type ProposalTuple,
  type TupleVote,
  type Vote,
} from '@heddle/types';
import type { SpeakerTools } from './speaker.ts';

type Signing = Pick<SpeakerTools, 'index' | 'sign'>;

export function claimOf({ tuple, block, parentCertificate, skipCertificates }: Proposal): Claim {
  const { epoch, view, parentView, parentHash } = tuple;
  return { epoch, view, parentView, parentHash, block, parentCertificate, skipCertificates };
}

/** A proposal in the actor's own name, well signed whatever it claims. */
export function signProposal({ index, sign, blocks }: Signing & Pick<SpeakerTools, 'blocks'>, claim: Claim): Proposal {
  return signedProposal(unsignedProposal(claim, blocks.hash), index, sign);
}

/** A tuple for another block in the same view, one that nobody has. */
export function otherTuple(tuple: ProposalTuple): ProposalTuple {
  return { ...tuple, blockHash: tuple.justificationRoot };
}

/** The same vote for another tuple, well signed. */
export function conflicting({ index, sign }: Signing, { kind, tuple }: TupleVote): TupleVote {
  const other = otherTuple(tuple);
  return { kind, tuple: other, signer: index, signature: sign({ kind, tuple: other }) };
}

export function nullify({ index, sign }: Signing, epoch: bigint, view: bigint): Vote {
  return { kind: 'nullify', epoch, view, signer: index, signature: sign({ kind: 'nullify', epoch, view }) };
}

/** Bytes that verify for nothing. */
export function spoiled(signature: Uint8Array): Uint8Array {
  return signature.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
}

/** A chunk of the actor with another header, well signed. */
export function signChunk({ sign }: Signing, chunk: Chunk): Chunk {
  const { shard, parentBlockHash, height } = chunk.header;
  const chunkHash = hashChunkHeader(chunk.header);
  return { ...chunk, signature: sign({ kind: 'produce', shard, parentBlockHash, chunkHash, height }) };
}

/** The same for another epoch, with the signatures as they are. */
export function inEpoch(epoch: bigint, certificate: Certificate): Certificate {
  if (certificate.kind === 'nullify') return { ...certificate, epoch };
  return { ...certificate, tuple: { ...certificate.tuple, epoch } };
}

/** Bytes in the place of an aggregate signature by everyone. */
export function madeUpQuorum(validatorCount: number): Pick<Certificate, 'bitmap' | 'aggregate'> {
  const everyone = Array.from({ length: validatorCount }, (_, index) => index);
  return { bitmap: bitmapOf(everyone, validatorCount), aggregate: new Uint8Array(BLS_AGGREGATE_BYTES).fill(7) };
}

export function proposalMessage(proposal: Proposal): ConsensusMessage {
  return { kind: 'proposal', proposal };
}

export function voteMessage(vote: Vote): ConsensusMessage {
  return { kind: 'vote', vote };
}
