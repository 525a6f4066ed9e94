import {
  type AnyEvidence,
  type ConsensusMessage,
  type EpochContext,
  sameSubject,
  sameTuple,
  verifyEvidence,
  viewOf,
} from '@heddle/consensus';
import { equalBytes } from '@heddle/primitives';
import type { Certificate, Proposal, SignedTuple, ValidatorIndex, Vote } from '@heddle/types';

const VOTE_PROOFS = ['doubleVote', 'notarizeAndFinalize', 'nullifyAndFinalize'] as const;

/** Everything different that anyone has said about a view. */
interface Heard {
  readonly proposals: Proposal[];
  readonly signed: SignedTuple[];
  readonly votes: Vote[];
  readonly certificates: Certificate[];
}

/**
 * The most zealous accuser: keeps all that was ever said and tries to make evidence of every two things that were said
 * about one view, in every kind. Whom it convicts is guilty, or a rule of evidence is wrong.
 */
export class EvidenceSearch {
  readonly #context: EpochContext;
  readonly #views = new Map<bigint, Heard>();
  /** A broadcast is heard once for each receiver, and again with every retry. */
  readonly #known = new Set<object>();

  constructor(context: EpochContext) {
    this.#context = context;
  }

  hear(message: ConsensusMessage): void {
    if (message.kind === 'vote') this.#vote(message.vote);
    if (message.kind === 'certificate') this.#certificate(message.certificate);
    if (message.kind === 'proposal') this.#proposal(message.proposal);
  }

  /** Everyone that any two messages convict. */
  convicted(): ReadonlySet<ValidatorIndex> {
    const guilty = new Set<ValidatorIndex>();
    for (const heard of this.#views.values()) {
      for (const evidence of attempts(heard)) {
        for (const culprit of verifyEvidence(this.#context, evidence)) guilty.add(culprit);
      }
    }
    return guilty;
  }

  #proposal(proposal: Proposal): void {
    if (this.#isKnown(proposal)) return;
    const { tuple, leaderNotarize, leaderSignature, parentCertificate, skipCertificates } = proposal;
    const { proposals, signed } = this.#at(tuple.view);
    this.#vote(leaderNotarize);
    for (const certificate of [parentCertificate, ...skipCertificates]) {
      if (certificate !== null) this.#certificate(certificate);
    }
    proposals.push(proposal);
    const leader = leaderNotarize.signer;
    const isSaid = signed.some((other) => {
      const isSame = other.leader === leader && sameTuple(other.tuple, tuple);
      return isSame && equalBytes(other.signature, leaderSignature);
    });
    if (!isSaid) signed.push({ tuple, leader, signature: leaderSignature });
  }

  /** A forged one does not hide the genuine one, nor the other way round. */
  #vote(vote: Vote): void {
    if (this.#isKnown(vote)) return;
    const { votes } = this.#at(viewOf(vote));
    const isSaid = votes.some((other) => {
      const isSame = other.signer === vote.signer && sameSubject(other, vote);
      return isSame && equalBytes(other.signature, vote.signature);
    });
    if (!isSaid) votes.push(vote);
  }

  #certificate(certificate: Certificate): void {
    if (this.#isKnown(certificate)) return;
    const { certificates } = this.#at(viewOf(certificate));
    const isSaid = certificates.some((other) => {
      const isSame = sameSubject(other, certificate) && equalBytes(other.bitmap, certificate.bitmap);
      return isSame && equalBytes(other.aggregate, certificate.aggregate);
    });
    if (!isSaid) certificates.push(certificate);
  }

  #isKnown(item: object): boolean {
    if (this.#known.has(item)) return true;
    this.#known.add(item);
    return false;
  }

  #at(view: bigint): Heard {
    const known = this.#views.get(view);
    if (known !== undefined) return known;
    const fresh: Heard = { proposals: [], signed: [], votes: [], certificates: [] };
    this.#views.set(view, fresh);
    return fresh;
  }
}

function* attempts({ proposals, signed, votes, certificates }: Heard): Iterable<AnyEvidence> {
  for (const [first, second] of pairs(signed)) yield { kind: 'doublePropose', culprit: first.leader, first, second };
  for (const [first, second] of pairs(votes)) {
    for (const kind of VOTE_PROOFS) yield { kind, culprit: first.signer, first, second };
  }
  for (const { parentCertificate, skipCertificates } of proposals) {
    for (const vote of votes) {
      if (vote.kind === 'nullify') continue;
      yield { kind: 'badJustification', culprit: vote.signer, vote, parentCertificate, skipCertificates };
    }
  }
  for (const [first, second] of pairs(certificates)) {
    yield { kind: 'conflictingCertificates', culprits: [], first, second };
  }
}

function* pairs<T>(items: readonly T[]): Iterable<readonly [T, T]> {
  for (const [at, first] of items.entries()) {
    for (let other = at + 1; other < items.length; other += 1) {
      const second = items[other];
      if (second !== undefined) yield [first, second];
    }
  }
}
