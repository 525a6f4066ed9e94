import type { ConsensusMessage } from '@heddle/consensus';
import {
  type Block,
  type Hash,
  justificationRoot,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type TupleCertificate,
  type TupleVote,
  type Vote,
} from '@heddle/types';
import type { ActorKit } from './actor.ts';
import { hashBlock } from './blocks.ts';
import type { VoteRequest } from './signatures.ts';

/** What a proposal claims, before its leader signs it. */
export interface Claim {
  readonly view: bigint;
  readonly parentView: bigint;
  readonly parentHash: Hash;
  readonly block: Block;
  readonly parentCertificate: TupleCertificate | null;
  readonly skipCertificates: readonly NullifyCertificate[];
}

/** A proposal in the actor's own name, well signed whatever it claims. */
export function signProposal({ config, signatures }: Pick<ActorKit, 'config' | 'signatures'>, claim: Claim): Proposal {
  const { view, parentView, parentHash, block, parentCertificate, skipCertificates } = claim;
  const tuple: ProposalTuple = {
    epoch: config.epoch,
    view,
    parentView,
    parentHash,
    blockHash: hashBlock(block),
    justificationRoot: justificationRoot(parentCertificate, skipCertificates),
  };
  const signer = config.validatorIndex;
  const leaderSignature = signatures.sign(signer, { kind: 'propose', tuple });
  const request = { kind: 'notarize', tuple } as const;
  const leaderNotarize: TupleVote = { ...request, signer, signature: signatures.sign(signer, request) };
  return { tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize };
}

/** What an existing proposal claims, for changing a part of it. */
export function claimOf({ tuple, block, parentCertificate, skipCertificates }: Proposal): Claim {
  const { view, parentView, parentHash } = tuple;
  return { view, parentView, parentHash, block, parentCertificate, skipCertificates };
}

/** Another valid block on the same parent. */
export function siblingOf(block: Block): Block {
  return { ...block, header: { ...block.header, gasLimit: block.header.gasLimit + 1n } };
}

/** A tuple for another block in the same view. */
export function otherTuple(tuple: ProposalTuple): ProposalTuple {
  return { ...tuple, blockHash: tuple.parentHash };
}

/** The actor's own good vote. */
export function ownVote({ config, signatures }: ActorKit, request: VoteRequest): Vote {
  return signatures.vote(config.validatorIndex, request);
}

/** Signature bytes that verify for nothing. */
export function spoiled(signature: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(signature);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes;
}

export function voteMessage(vote: Vote): ConsensusMessage {
  return { kind: 'vote', vote };
}

export function proposalMessage(proposal: Proposal): ConsensusMessage {
  return { kind: 'proposal', proposal };
}
