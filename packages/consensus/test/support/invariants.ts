import type { Block, Certificate, Hash, TupleCertificate, Vote } from '@heddle/types';
import type { Evidence, JournalRecord } from '../../src/index.ts';
import { sameSubject, viewOf } from '../../src/index.ts';
import { GENESIS_HASH } from './blocks.ts';

/** Watches a run and throws at the first thing that must never happen. */
export class Invariants {
  readonly #honest: ReadonlySet<string>;
  readonly #faulty: ReadonlySet<number>;
  readonly #blocks: ReadonlyMap<Hash, Block>;
  readonly #chain = new Map<bigint, Hash>();
  readonly #certificates = new Map<string, Certificate>();
  readonly #votes = new Map<string, Vote>();

  constructor(honest: ReadonlySet<string>, faulty: ReadonlySet<number>, blocks: ReadonlyMap<Hash, Block>) {
    this.#honest = honest;
    this.#faulty = faulty;
    this.#blocks = blocks;
  }

  journaled(node: string, record: JournalRecord): void {
    if (record.kind === 'certificate') this.#certificate(record.certificate);
    if (record.kind === 'ownVote' && this.#honest.has(node)) this.#vote(record.vote);
  }

  /** One finalization per height, and every finalized block's ancestors are the finalized ones. */
  finalized({ tuple }: TupleCertificate): void {
    for (let hash = tuple.blockHash; hash !== GENESIS_HASH; ) {
      const block = this.#blocks.get(hash);
      if (block === undefined) throw new Error(`lost block ${hash}`);
      const { number, parentHash } = block.header;
      const final = this.#chain.get(number);
      if (final === hash) return;
      if (final !== undefined) throw new Error(`two final blocks at height ${number}: ${final} and ${hash}`);
      this.#chain.set(number, hash);
      hash = parentHash;
    }
  }

  accused(evidence: Evidence): void {
    const culprits = evidence.kind === 'conflictingCertificates' ? evidence.culprits : [evidence.culprit];
    for (const culprit of culprits) {
      if (!this.#faulty.has(culprit)) throw new Error(`${evidence.kind}: honest validator ${culprit} accused`);
    }
  }

  get height(): number {
    return this.#chain.size;
  }

  /** One notarized and one finalized tuple a view, and never a finalization beside a nullification. */
  #certificate(certificate: Certificate): void {
    const view = viewOf(certificate);
    const before = this.#certificates.get(`${certificate.kind}:${view}`) ?? certificate;
    if (!sameSubject(before, certificate)) throw new Error(`two ${certificate.kind} certificates in view ${view}`);
    this.#certificates.set(`${certificate.kind}:${view}`, before);
    if (this.#certificates.has(`nullify:${view}`) && this.#certificates.has(`finalize:${view}`)) {
      throw new Error(`view ${view} is nullified and finalized`);
    }
  }

  #vote(vote: Vote): void {
    const view = viewOf(vote);
    const key = (kind: string): string => `${vote.signer}:${view}:${kind}`;
    const before = this.#votes.get(key(vote.kind)) ?? vote;
    if (!sameSubject(before, vote)) throw new Error(`${vote.signer} contradicts its ${vote.kind} vote of view ${view}`);
    this.#votes.set(key(vote.kind), before);
    const [finalize, notarize] = [this.#votes.get(key('finalize')), this.#votes.get(key('notarize'))];
    if (finalize === undefined || finalize.kind !== 'finalize') return;
    if (this.#votes.has(key('nullify'))) throw new Error(`${vote.signer} nullifies and finalizes view ${view}`);
    if (notarize?.kind === 'notarize' && notarize.tuple.blockHash !== finalize.tuple.blockHash) {
      throw new Error(`${vote.signer} notarizes and finalizes different tuples in view ${view}`);
    }
  }
}
