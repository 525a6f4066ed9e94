import {
  accusedBy,
  type EpochContext,
  type JournalRecord,
  sameSubject,
  verifyEvidence,
  verifyVote,
  viewOf,
} from '@heddle/consensus';
import { GENESIS_HASH } from '@heddle/consensus/testing';
import {
  type Certificate,
  type Evidence,
  type Hash,
  type SignedTuple,
  signingMessage,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';
import type { BlockStore } from './block-store.ts';
import type { EngineNode } from './node.ts';
import { EngineViolation } from './violation.ts';

/** `violation`: a fork ends the run. `collect`: more than f are faulty, forks are expected and counted. */
export type ForkPolicy = 'violation' | 'collect';

interface ViewVotes {
  readonly notarize: Vote | null;
  readonly nullify: Vote | null;
  readonly finalize: Vote | null;
}

const NO_VOTES: ViewVotes = { notarize: null, nullify: null, finalize: null };

/** Watches a run and throws EngineViolation at the first thing that must never happen. */
export class Checks {
  /** Two final blocks at one height. */
  forks = 0;
  /** Every certificate that reached a journal, once per object. */
  readonly certificates: Set<Certificate> = new Set();
  /** What honest validators gave in evidence, in order. */
  readonly evidence: Evidence[] = [];
  readonly #faulty: ReadonlySet<ValidatorIndex>;
  readonly #context: EpochContext;
  readonly #blocks: BlockStore;
  readonly #forkPolicy: ForkPolicy;
  readonly #chain = new Map<bigint, Hash>();
  readonly #firsts = new Map<string, Certificate>();
  readonly #votes = new Map<number, Map<bigint, ViewVotes>>();

  constructor(faulty: ReadonlySet<ValidatorIndex>, context: EpochContext, blocks: BlockStore, forkPolicy: ForkPolicy) {
    this.#faulty = faulty;
    this.#context = context;
    this.#blocks = blocks;
    this.#forkPolicy = forkPolicy;
  }

  /** Final blocks, of all nodes together. */
  get height(): number {
    return this.#chain.size;
  }

  journaled(node: EngineNode, record: JournalRecord): void {
    if (record.kind === 'certificate') this.#certificate(record.certificate);
    if (this.#faulty.has(node.index)) return;
    if (record.kind === 'ownVote') this.#ownVote(node, record.vote);
    if (record.kind !== 'firstProposal') return;
    const { leaderNotarize } = record.proposal; // the own proposal brings the own vote
    if (leaderNotarize.signer === node.index) this.#ownVote(node, leaderNotarize);
  }

  /** An own vote leaves the node. */
  sent(node: EngineNode, vote: Vote): void {
    if (this.#faulty.has(node.index)) return;
    const journaled = this.#votes.get(node.id)?.get(viewOf(vote))?.[vote.kind] ?? null;
    if (journaled !== null && sameSubject(journaled, vote)) return;
    const what = `${node.name} sends a ${vote.kind} vote of view ${viewOf(vote)} that is not in its journal`;
    throw new EngineViolation('votes are journaled before they are sent', what);
  }

  /** One finalization per height, and every finalized block's ancestors are the finalized ones. */
  finalized(node: EngineNode, { tuple }: TupleCertificate): void {
    if (this.#faulty.has(node.index)) return;
    for (let hash = tuple.blockHash; hash !== GENESIS_HASH; ) {
      const block = this.#blocks.get(hash);
      if (block === undefined) throw new EngineViolation('no lost block', `nobody has final block ${hash}`);
      const { number, parentHash } = block.header;
      const final = this.#chain.get(number);
      if (final === hash) return;
      if (final !== undefined) {
        this.#fork('one final block per height', `height ${number}: ${final} and ${hash}`);
        return;
      }
      this.#chain.set(number, hash);
      hash = parentHash;
    }
  }

  /** Nobody honest, and whoever checks the signatures convicts the same ones: nobody if a vote is badly signed. */
  accused(evidence: Evidence): void {
    this.evidence.push(evidence);
    const culprits = accusedBy(evidence);
    const honest = culprits.filter((culprit) => !this.#faulty.has(culprit));
    if (honest.length > 0) throw new EngineViolation('nobody honest accused', `${evidence.kind}: ${honest.join(', ')}`);
    const convicted = verifyEvidence(this.#context, evidence);
    if (convicted.join() === (isForged(this.#context, evidence) ? [] : culprits).join()) return;
    const what = `${evidence.kind} accuses ${culprits.join(', ')}, convicts ${convicted.join(', ')}`;
    throw new EngineViolation('evidence convicts whom it accuses', what);
  }

  /** By an accuser who has heard everything. */
  convicted(culprits: ReadonlySet<ValidatorIndex>): void {
    const honest = [...culprits].filter((culprit) => !this.#faulty.has(culprit));
    if (honest.length > 0) throw new EngineViolation('nobody honest convicted', honest.join(', '));
  }

  /** One notarized and one finalized tuple a view, and never a finalization beside a nullification. */
  #certificate(certificate: Certificate): void {
    if (this.certificates.has(certificate)) return;
    this.certificates.add(certificate);
    if (this.#forkPolicy === 'collect') return;
    const view = viewOf(certificate);
    const first = this.#firsts.get(`${certificate.kind}:${view}`);
    if (first !== undefined && !sameSubject(first, certificate)) {
      throw new EngineViolation('one certified tuple per view', `two ${certificate.kind} certificates in view ${view}`);
    }
    if (first === undefined) this.#firsts.set(`${certificate.kind}:${view}`, certificate);
    if (certificate.kind === 'notarize') return;
    const other = certificate.kind === 'nullify' ? 'finalize' : 'nullify';
    if (this.#firsts.has(`${other}:${view}`)) {
      throw new EngineViolation('no nullification beside a finalization', `view ${view}`);
    }
  }

  #ownVote(node: EngineNode, vote: Vote): void {
    const ofNode = this.#votes.get(node.id) ?? new Map<bigint, ViewVotes>();
    this.#votes.set(node.id, ofNode);
    const view = viewOf(vote);
    const before = ofNode.get(view) ?? NO_VOTES;
    const after = { ...before, [vote.kind]: before[vote.kind] ?? vote };
    ofNode.set(view, after);
    const { notarize, nullify, finalize } = after;
    const first = after[vote.kind];
    const repeats = first === null || first === vote || sameSubject(first, vote);
    const agrees = notarize?.kind !== 'notarize' || finalize?.kind !== 'finalize' || sameBlock(notarize, finalize);
    if (repeats && agrees && (nullify === null || finalize === null)) return;
    throw new EngineViolation('no contradictory own votes', `${node.name}, ${vote.kind} in view ${view}`);
  }

  #fork(invariant: 'one final block per height', what: string): void {
    if (this.#forkPolicy === 'violation') throw new EngineViolation(invariant, what);
    this.forks += 1;
  }
}

/** Whether a signature in it is bad: engines compare contents only, and of two messages anyone may have signed the second. */
function isForged(context: EpochContext, evidence: Evidence): boolean {
  switch (evidence.kind) {
    case 'doublePropose':
      return [evidence.first, evidence.second].some((proposed) => !isSigned(context, proposed));
    case 'conflictingCertificates':
      return false;
    case 'badJustification':
      return !verifyVote(context, evidence.vote);
    case 'doubleVote':
    case 'notarizeAndFinalize':
    case 'nullifyAndFinalize':
      return [evidence.first, evidence.second].some((vote) => !verifyVote(context, vote));
  }
}

function isSigned({ scheme, domain, set }: EpochContext, { tuple, leader, signature }: SignedTuple): boolean {
  const { publicKey } = set.validators[leader] ?? {};
  const message = signingMessage(domain, { kind: 'propose', tuple });
  return publicKey !== undefined && scheme.verify(publicKey, message, signature);
}

function sameBlock(a: { readonly tuple: { readonly blockHash: Hash } }, b: typeof a): boolean {
  return a.tuple.blockHash === b.tuple.blockHash;
}
