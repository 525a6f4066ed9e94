import {
  type ConsensusMessage,
  type EpochContext,
  sameSubject,
  sameTuple,
  verifyEvidence,
  viewOf,
} from '@heddle/consensus';
import { equalBytes } from '@heddle/primitives';
import type { AnyEvidence, Certificate, Proposal, SignedTuple, ValidatorIndex, Vote } from '@heddle/types';

const VOTE_PROOFS = ['doubleVote', 'notarizeAndFinalize', 'nullifyAndFinalize'] as const;

/** Everything different that anyone has said about a view. */
interface Heard {
  /** Of what was proposed with the same certificates, the first. */
  readonly proposals: Proposal[];
  readonly signed: SignedTuple[];
  /** By their signers: two votes of different ones prove nothing. */
  readonly votes: Map<ValidatorIndex, Vote[]>;
  readonly certificates: Certificate[];
}

/**
 * The most zealous accuser: keeps all that was ever said and tries to make evidence, of every kind, of every two things
 * that were signed by one validator, or by quorums, about one view. Whom it convicts is guilty, or a rule of evidence is
 * wrong.
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
    if (!proposals.some((other) => isJustifiedAlike(other, proposal))) proposals.push(proposal);
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
    const ofSigner = votes.get(vote.signer) ?? [];
    votes.set(vote.signer, ofSigner);
    const isSaid = ofSigner.some((other) => sameSubject(other, vote) && equalBytes(other.signature, vote.signature));
    if (!isSaid) ofSigner.push(vote);
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
    const fresh: Heard = { proposals: [], signed: [], votes: new Map(), certificates: [] };
    this.#views.set(view, fresh);
    return fresh;
  }
}

function* attempts({ proposals, signed, votes, certificates }: Heard): Iterable<AnyEvidence> {
  for (const [first, second] of pairs(signed)) {
    if (first.leader === second.leader) yield { kind: 'doublePropose', culprit: first.leader, first, second };
  }
  for (const ofSigner of votes.values()) {
    for (const [first, second] of pairs(ofSigner)) {
      for (const kind of VOTE_PROOFS) yield { kind, culprit: first.signer, first, second };
    }
    for (const vote of ofSigner) yield* unjustified(vote, proposals);
  }
  for (const [first, second] of pairs(certificates)) {
    yield { kind: 'conflictingCertificates', culprits: [], first, second };
  }
}

/** A vote beside the certificates of every proposal that names the same ones. */
function* unjustified(vote: Vote, proposals: readonly Proposal[]): Iterable<AnyEvidence> {
  if (vote.kind === 'nullify') return;
  for (const { tuple, parentCertificate, skipCertificates } of proposals) {
    if (tuple.justificationRoot !== vote.tuple.justificationRoot) continue;
    yield { kind: 'badJustification', culprit: vote.signer, vote, parentCertificate, skipCertificates };
  }
}

function isJustifiedAlike(a: Proposal, b: Proposal): boolean {
  if (a.parentCertificate !== b.parentCertificate || a.skipCertificates !== b.skipCertificates) return false;
  return a.tuple.justificationRoot === b.tuple.justificationRoot;
}

function* pairs<T>(items: readonly T[]): Iterable<readonly [T, T]> {
  for (const [at, first] of items.entries()) {
    for (let other = at + 1; other < items.length; other += 1) {
      const second = items[other];
      if (second !== undefined) yield [first, second];
    }
  }
}
