import type { ConsensusMessage, VoteRequest } from '@heddle/consensus';
import { type Claim, signedProposal, unsignedProposal } from '@heddle/consensus/testing';
import type { Block, Proposal, ProposalTuple, Vote } from '@heddle/types';
import type { ActorKit } from './actor.ts';

/** A proposal in the actor's own name, well signed whatever it claims. */
export function signProposal({ config, signatures }: Pick<ActorKit, 'config' | 'signatures'>, claim: Claim): Proposal {
  return signedProposal(signatures, config.validatorIndex, unsignedProposal(signatures, claim));
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
