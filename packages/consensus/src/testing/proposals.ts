import {
  type Block,
  type Hash,
  justificationRoot,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type TupleCertificate,
  type TupleVote,
  type ValidatorIndex,
} from '@heddle/types';
import { hashBlock } from './blocks.ts';
import type { HashSignatures } from './signatures.ts';

/** What a proposal claims, before its leader signs it. */
export interface Claim {
  readonly view: bigint;
  readonly parentView: bigint;
  readonly parentHash: Hash;
  readonly block: Block;
  readonly parentCertificate: TupleCertificate | null;
  readonly skipCertificates: readonly NullifyCertificate[];
}

export type UnsignedProposal = Omit<Proposal, 'leaderSignature' | 'leaderNotarize'>;

/** The proposal that commits to all that is claimed. */
export function unsignedProposal({ domain }: HashSignatures, claim: Claim): UnsignedProposal {
  const { view, parentView, parentHash, block, parentCertificate, skipCertificates } = claim;
  const tuple: ProposalTuple = {
    epoch: domain.epoch,
    view,
    parentView,
    parentHash,
    blockHash: hashBlock(block),
    justificationRoot: justificationRoot(parentCertificate, skipCertificates),
  };
  return { tuple, block, parentCertificate, skipCertificates };
}

/** A leader's signatures under whatever a proposal says. */
export function signedProposal(
  signatures: HashSignatures,
  signer: ValidatorIndex,
  unsigned: UnsignedProposal,
): Proposal {
  const { tuple, block, parentCertificate, skipCertificates } = unsigned;
  const leaderSignature = signatures.sign(signer, { kind: 'propose', tuple });
  const request = { kind: 'notarize', tuple } as const;
  const leaderNotarize: TupleVote = { ...request, signer, signature: signatures.sign(signer, request) };
  return { tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize };
}
