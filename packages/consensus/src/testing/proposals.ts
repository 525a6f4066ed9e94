import {
  type Block,
  type Hash,
  justificationRoot,
  type Proposal,
  type ProposalTuple,
  type SigningRequest,
  type TupleVote,
  type ValidatorIndex,
} from '@heddle/types';

/** What a proposal claims, before its leader signs it. */
export type Claim = Pick<Proposal, 'block' | 'parentCertificate' | 'skipCertificates'> &
  Pick<ProposalTuple, 'epoch' | 'view' | 'parentView' | 'parentHash'>;

export type UnsignedProposal = Omit<Proposal, 'leaderSignature' | 'leaderNotarize'>;

/** The proposal that commits to all that is claimed. */
export function unsignedProposal(claim: Claim, hashOf: (block: Block) => Hash): UnsignedProposal {
  const { epoch, view, parentView, parentHash, block, parentCertificate, skipCertificates } = claim;
  const tuple: ProposalTuple = {
    epoch,
    view,
    parentView,
    parentHash,
    blockHash: hashOf(block),
    justificationRoot: justificationRoot(parentCertificate, skipCertificates),
  };
  return { tuple, block, parentCertificate, skipCertificates };
}

/** `leader`'s signatures under whatever a proposal says. */
export function signedProposal(
  unsigned: UnsignedProposal,
  leader: ValidatorIndex,
  sign: (request: SigningRequest) => Uint8Array,
): Proposal {
  const { tuple, block, parentCertificate, skipCertificates } = unsigned;
  const leaderSignature = sign({ kind: 'propose', tuple });
  const leaderNotarize: TupleVote = {
    kind: 'notarize',
    tuple,
    signer: leader,
    signature: sign({ kind: 'notarize', tuple }),
  };
  return { tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize };
}
