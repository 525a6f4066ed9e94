import type { WireMessage } from '@heddle/network';
import { BLS_AGGREGATE_BYTES, utf8ToBytes } from '@heddle/primitives';
import {
  type Block,
  bitmapOf,
  type Certificate,
  type Chunk,
  hashBlockHeader,
  hashChunkHeader,
  justificationRoot,
  type Proposal,
  type ProposalTuple,
  type TupleVote,
  type Vote,
} from '@heddle/types';
import type { ActorTools } from './actor.ts';

type Signing = Pick<ActorTools, 'index' | 'sign'>;

/** What a proposal claims, before its leader signs it. */
export type Claim = Pick<Proposal, 'block' | 'parentCertificate' | 'skipCertificates'> &
  Pick<ProposalTuple, 'epoch' | 'view' | 'parentView' | 'parentHash'>;

export function claimOf({ tuple, block, parentCertificate, skipCertificates }: Proposal): Claim {
  const { epoch, view, parentView, parentHash } = tuple;
  return { epoch, view, parentView, parentHash, block, parentCertificate, skipCertificates };
}

/** A proposal in the actor's own name, well signed whatever it claims. */
export function signProposal({ index, sign }: Signing, claim: Claim): Proposal {
  const { epoch, view, parentView, parentHash, block, parentCertificate, skipCertificates } = claim;
  const tuple: ProposalTuple = {
    epoch,
    view,
    parentView,
    parentHash,
    blockHash: hashBlockHeader(block.header),
    justificationRoot: justificationRoot(parentCertificate, skipCertificates),
  };
  const signature = sign({ kind: 'notarize', tuple });
  const leaderNotarize: TupleVote = { kind: 'notarize', tuple, signer: index, signature };
  const leaderSignature = sign({ kind: 'propose', tuple });
  return { tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize };
}

/** Another block on the same parent; its header is not what its chunks give. */
export function siblingOf(block: Block, mark: string): Block {
  return { ...block, header: { ...block.header, extraData: utf8ToBytes(mark) } };
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

/** Bytes in the place of an aggregate signature by everyone. */
export function madeUpQuorum(validatorCount: number): Pick<Certificate, 'bitmap' | 'aggregate'> {
  const everyone = Array.from({ length: validatorCount }, (_, index) => index);
  return { bitmap: bitmapOf(everyone, validatorCount), aggregate: new Uint8Array(BLS_AGGREGATE_BYTES).fill(7) };
}

export function proposalMessage(proposal: Proposal): WireMessage {
  return { kind: 'proposal', proposal };
}

export function voteMessage(vote: Vote): WireMessage {
  return { kind: 'vote', vote };
}
