import { isValidatorName, type PeerId, RequestFailedError, type Transport } from '@heddle/network';
import { bigintToBytes, bytesToBigint, EMPTY_BYTES } from '@heddle/primitives';
import type { Cancel, Clock, Scheduler } from '@heddle/runtime';
import { quorum } from '@heddle/types';
import { CLOCK_ANSWER_MS, CLOCK_ROUND_MS, MAX_HOLD_MS } from '../limits.ts';

/** Answered with the wall clock: milliseconds since 1970, 8 bytes, big-endian. */
const CLOCK_PROTOCOL = '/heddle/clock/1';
const TIME_BYTES = 8;

export interface PeerClocksPorts {
  readonly transport: Pick<Transport, 'peers' | 'request' | 'onRequest' | 'onPeerChange'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Of the set that makes the next block: their names, without this node's. */
  validators(): { readonly others: readonly PeerId[]; readonly count: number };
  /** Enough of them have said: how far this clock is ahead, milliseconds; below 0 behind; 0 for right enough. */
  compared(aheadMs: number): void;
}

/**
 * Compares this machine's clock with those of the validators that it is connected to, at the start and from time to time.
 * It counts as wrong by as much as one validator more says than may be faulty: at least one of them is honest.
 */
export class PeerClocks {
  readonly #ports: PeerClocksPorts;
  /** By validator: how far this clock is ahead at least, milliseconds; 0 within what passes for the same time. */
  readonly #aheadMs = new Map<PeerId, number>();
  #round: Cancel | null = null;
  #isOpen = true;

  /** Call once for each transport, before that starts. */
  constructor(ports: PeerClocksPorts) {
    this.#ports = ports;
    const { transport, clock } = ports;
    transport.onRequest(CLOCK_PROTOCOL, () =>
      Promise.resolve(bigintToBytes(BigInt(Math.trunc(clock.wallMs())), TIME_BYTES)),
    );
    transport.onPeerChange((peer, isConnected) => {
      if (!isConnected) this.#aheadMs.delete(peer);
      else if (isValidatorName(peer)) void this.#ask(peer);
    });
    this.#arm();
  }

  stop(): void {
    this.#isOpen = false;
    this.#round?.();
  }

  #arm(): void {
    this.#round = this.#ports.scheduler.after(CLOCK_ROUND_MS, () => {
      this.#arm();
      for (const peer of this.#ports.transport.peers()) if (isValidatorName(peer)) void this.#ask(peer);
    });
  }

  async #ask(peer: PeerId): Promise<void> {
    const { transport, clock } = this.#ports;
    if (!this.#ports.validators().others.includes(peer)) return;
    const askedMs = clock.wallMs();
    try {
      const answer = await transport.request(peer, CLOCK_PROTOCOL, EMPTY_BYTES, CLOCK_ANSWER_MS);
      if (this.#isOpen) this.#note(peer, answer, askedMs);
    } catch (error) {
      // It is gone, or does not know the question.
      if (!(error instanceof RequestFailedError)) throw error;
    }
  }

  #note(peer: PeerId, answer: Uint8Array, askedMs: number): void {
    const { clock, transport } = this.#ports;
    if (answer.length !== TIME_BYTES || !transport.peers().includes(peer)) return;
    const theirsMs = Number(bytesToBigint(answer));
    const nowMs = clock.wallMs();
    // It was read at some time between question and answer.
    const ahead = askedMs - theirsMs;
    const behind = theirsMs - nowMs;
    this.#aheadMs.set(peer, ahead > MAX_HOLD_MS ? ahead : behind > MAX_HOLD_MS ? -behind : 0);
    this.#compare();
  }

  #compare(): void {
    const { validators, compared } = this.#ports;
    const { others, count } = validators();
    const said = others.flatMap((name) => this.#aheadMs.get(name) ?? []).sort((a, b) => a - b);
    const faulty = count - quorum(count);
    // So many say that it is ahead by as much or more, and that it is behind by as much or more.
    const [ahead, behind] = [said.at(-1 - faulty), said[faulty]];
    if (ahead === undefined || behind === undefined) return;
    compared(ahead > 0 ? ahead : Math.min(0, behind));
  }
}
