import {
  type NullifyCertificate,
  type NullifyVote,
  type Proposal,
  type ProposalTuple,
  quorum,
  type TupleCertificate,
  type ValidatorIndex,
} from '@heddle/types';
import { GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
import { signedProposal, type UnsignedProposal, unsignedProposal } from './proposals.ts';
import { EPOCH, HashSignatures } from './signatures.ts';

/** Well-signed messages of the other validators of a set. The leader of view v is v mod n. */
export class Others {
  readonly signatures: HashSignatures;
  readonly #n: number;
  readonly #signers: readonly ValidatorIndex[];

  /** `signers` of certificates, unless a call says otherwise; a quorum of the highest indexes by itself. */
  constructor(
    validatorCount: number,
    signers: readonly ValidatorIndex[] = highestQuorum(validatorCount),
    signatures: HashSignatures = new HashSignatures(validatorCount),
  ) {
    this.#n = validatorCount;
    this.#signers = signers;
    this.signatures = signatures;
  }

  leaderOf(view: bigint): ValidatorIndex {
    return Number(view % BigInt(this.#n));
  }

  /** A proposal of view's leader on a certified parent (null = genesis) over skipped views. `salt` makes siblings. */
  proposal(
    view: bigint,
    parent: TupleCertificate | null,
    skips: readonly NullifyCertificate[] = [],
    salt = 0,
  ): Proposal {
    const parentHash = parent?.tuple.blockHash ?? GENESIS_HASH;
    const block = makeBlock(view, this.leaderOf(view), parentHash, view, salt);
    const parentView = parent?.tuple.view ?? 0n;
    const claim = { view, parentView, parentHash, block, parentCertificate: parent, skipCertificates: skips };
    return this.sign(unsignedProposal({ epoch: this.signatures.domain.epoch, ...claim }, hashBlock));
  }

  /** The leader's signatures over whatever a proposal says. */
  sign(unsigned: UnsignedProposal): Proposal {
    const leader = this.leaderOf(unsigned.tuple.view);
    return signedProposal(unsigned, leader, (request) => this.signatures.sign(leader, request));
  }

  tupleVote<K extends 'notarize' | 'finalize'>(
    kind: K,
    tuple: ProposalTuple,
    signer: ValidatorIndex,
  ): { kind: K; tuple: ProposalTuple; signer: ValidatorIndex; signature: Uint8Array } {
    return { kind, tuple, signer, signature: this.signatures.sign(signer, { kind, tuple }) };
  }

  nullify(view: bigint, signer: ValidatorIndex): NullifyVote {
    const request = { kind: 'nullify', epoch: EPOCH, view } as const;
    return { ...request, signer, signature: this.signatures.sign(signer, request) };
  }

  notarization(tuple: ProposalTuple, signers: readonly ValidatorIndex[] = this.#signers): TupleCertificate {
    return this.signatures.certifyTuple('notarize', tuple, signers);
  }

  finalization(tuple: ProposalTuple, signers: readonly ValidatorIndex[] = this.#signers): TupleCertificate {
    return this.signatures.certifyTuple('finalize', tuple, signers);
  }

  skip(view: bigint, signers: readonly ValidatorIndex[] = this.#signers): NullifyCertificate {
    return this.signatures.certifySkip(EPOCH, view, signers);
  }
}

function highestQuorum(validatorCount: number): readonly ValidatorIndex[] {
  const needed = quorum(validatorCount);
  return Array.from({ length: needed }, (_, index) => index + validatorCount - needed);
}
