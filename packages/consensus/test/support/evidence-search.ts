import type { Certificate, Proposal, SignedTuple, Vote } from '@heddle/types';
import {
  type AnyEvidence,
  type ConsensusMessage,
  type EpochContext,
  type Evidence,
  sameSubject,
  sameTuple,
  verifyEvidence,
  viewOf,
} from '../../src/index.ts';
import { fakeContext } from './fake-crypto.ts';

const VOTE_PROOFS = ['doubleVote', 'notarizeAndFinalize', 'nullifyAndFinalize'] as const;

/** Everything different that one validator or the network has said about a view. */
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
  /** A broadcast is heard once for each receiver. */
  #last: ConsensusMessage | null = null;

  constructor(validatorCount: number) {
    this.#context = fakeContext(validatorCount);
  }

  hear(message: ConsensusMessage): void {
    if (message === this.#last) return;
    this.#last = message;
    if (message.kind === 'vote') this.#vote(message.vote);
    if (message.kind === 'certificate') this.#certificate(message.certificate);
    if (message.kind !== 'proposal') return;
    const { proposal } = message;
    const { tuple, leaderNotarize, leaderSignature, parentCertificate, skipCertificates } = proposal;
    const { proposals, signed } = this.#at(tuple.view);
    if (proposals.some((other) => sameTuple(other.tuple, tuple))) return;
    proposals.push(proposal);
    signed.push({ tuple, leader: leaderNotarize.signer, signature: leaderSignature });
    this.#vote(leaderNotarize);
    for (const certificate of [parentCertificate, ...skipCertificates]) {
      if (certificate !== null) this.#certificate(certificate);
    }
  }

  /** Everyone that any two messages convict. */
  convicted(): ReadonlySet<number> {
    const attempts = [...this.#views.values()].flatMap((heard) => [...this.#attempts(heard)]);
    return new Set(attempts.flatMap((evidence) => verifyEvidence(this.#context, evidence)));
  }

  *#attempts({ proposals, signed, votes, certificates }: Heard): Iterable<AnyEvidence> {
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
      yield { kind: 'conflictingCertificates', culprits: [], first, second } satisfies Evidence;
    }
  }

  #vote(vote: Vote): void {
    const { votes } = this.#at(viewOf(vote));
    if (!votes.some((other) => other.signer === vote.signer && sameSubject(other, vote))) votes.push(vote);
  }

  #certificate(certificate: Certificate): void {
    const { certificates } = this.#at(viewOf(certificate));
    if (!certificates.some((other) => sameSubject(other, certificate))) certificates.push(certificate);
  }

  #at(view: bigint): Heard {
    const known = this.#views.get(view);
    if (known !== undefined) return known;
    const fresh: Heard = { proposals: [], signed: [], votes: [], certificates: [] };
    this.#views.set(view, fresh);
    return fresh;
  }
}

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));
}
