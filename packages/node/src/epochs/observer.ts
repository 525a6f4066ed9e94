import { type ConsensusMessage, viewOf } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Cancel } from '@heddle/runtime';
import type { Chunk, Status, TupleCertificate } from '@heddle/types';
import type { ChunkIntake } from '../consensus/chunk-intake.ts';
import { OBSERVER_POLL_MS } from '../limits.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { CatchUp } from '../sync/catch-up.ts';
import type { EpochRuntime } from './epoch-runtime.ts';
import type { EpochValidators } from './epoch-validators.ts';

type Parts = Pick<Foundation, 'link' | 'scheduler' | 'blocked'> & {
  readonly validators: EpochValidators;
  readonly intake: ChunkIntake;
  readonly catchUp: Pick<CatchUp, 'finalized'>;
};

/**
 * A node whose key is not in the epoch's set: it believes the finalizations that the set has signed, follows them and
 * tells others of them. It never signs anything.
 */
export class Observer implements EpochRuntime {
  readonly #parts: Parts;
  #best: TupleCertificate | null;
  #poll: Cancel | null = null;
  #stopped = false;

  /** `best`: the newest finalization of the epoch that is committed here. */
  constructor(best: TupleCertificate | null, parts: Parts) {
    this.#parts = parts;
    this.#best = best;
  }

  start(): void {
    this.#parts.link.broadcast({ kind: 'status', status: this.status() });
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#poll?.();
    return Promise.resolve();
  }

  status(): Status {
    return { epoch: this.#parts.validators.epoch, currentView: 0n, bestFinalization: this.#best };
  }

  receive(from: PeerId, message: ConsensusMessage): void {
    if (this.#stopped) return;
    if (message.kind === 'certificate') {
      const { certificate } = message;
      if (certificate.kind === 'finalize') this.#learn(from, certificate);
      else this.#expect(from, viewOf(certificate));
    }
    if (message.kind === 'status') this.#compare(from, message.status);
    if (message.kind === 'proposal') this.#expect(from, message.proposal.tuple.view);
    if (message.kind === 'vote') this.#expect(from, viewOf(message.vote));
  }

  get views(): number {
    return 0;
  }

  get heldBytes(): number {
    return 0;
  }

  blame(peer: PeerId, reason: string): void {
    this.#parts.blocked.add(peer, reason);
  }

  /** Held for the block that it will be part of; what is missing then is fetched. */
  receiveChunk(from: PeerId, chunk: Chunk, bytes: number): void {
    if (!this.#stopped) this.#parts.intake.take(from, chunk, bytes);
  }

  receiveEndorsement(): void {}
  finalized(): void {}
  controlSubmitted(): void {}
  work(): void {}

  #viewOfBest(): bigint {
    return this.#best?.tuple.view ?? 0n;
  }

  #learn(from: PeerId, certificate: TupleCertificate): void {
    const { validators, catchUp } = this.#parts;
    if (certificate.tuple.view <= this.#viewOfBest()) return;
    if (!validators.verifier.verifyCertificate(certificate)) {
      this.blame(from, 'finalization: bad signature');
      return;
    }
    this.#best = certificate;
    catchUp.finalized(certificate);
  }

  #compare(from: PeerId, { bestFinalization: theirs }: Status): void {
    if (theirs !== null && theirs.kind === 'finalize') this.#learn(from, theirs);
    const best = this.#best;
    if (best === null || (theirs !== null && theirs.tuple.view >= best.tuple.view)) return;
    this.#parts.link.send(from, { kind: 'certificate', certificate: best });
  }

  /**
   * Somebody works on a view above the best finalization known here. Should nothing be heard of its end, the news got
   * lost: then the peer is asked. No timer runs while nobody works.
   */
  #expect(from: PeerId, view: bigint): void {
    if (this.#poll !== null || view <= this.#viewOfBest()) return;
    this.#poll = this.#parts.scheduler.after(OBSERVER_POLL_MS, () => {
      this.#poll = null;
      if (view > this.#viewOfBest()) this.#parts.link.send(from, { kind: 'status', status: this.status() });
    });
  }
}
