import type { PeerId } from '@heddle/network';
import type { Logger } from '../logger.ts';
import type { Telling, ValidatorEvents } from '../parts/events.ts';
import type { Surroundings } from '../parts/surroundings.ts';

/**
 * Peers that sent what they can't have believed, for the rest of the epoch: what they send is dropped unread, what they
 * ask for is not answered. The next epoch begins with an empty list, so that no mistake lasts.
 */
export class BlockList {
  readonly #log: Logger;
  readonly #events: Pick<ValidatorEvents, 'peerBlocked'>;
  readonly #blocked = new Map<PeerId, string>();
  /** Faults since the start, by reason. */
  readonly #faults = new Map<string, number>();

  constructor({ log, events }: Pick<Surroundings, 'log'> & Telling<'peerBlocked'>) {
    this.#log = log.child('peers');
    this.#events = events;
  }

  /** How often a peer was blocked, by reason. */
  get faults(): ReadonlyMap<string, number> {
    return this.#faults;
  }

  /** Who is blocked now, with the reason. */
  get blocked(): ReadonlyMap<PeerId, string> {
    return this.#blocked;
  }

  has(peer: PeerId): boolean {
    return this.#blocked.has(peer);
  }

  /** Logged, counted and told once a peer and epoch. */
  add(peer: PeerId, reason: string): void {
    if (this.#blocked.has(peer)) return;
    this.#blocked.set(peer, reason);
    const kind = reason.replace(/\d+/g, '…');
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.#log.warn('peer blocked for the epoch', { peer, reason });
    this.#events.peerBlocked(peer, reason);
  }

  /** A new epoch begins. */
  clear(): void {
    this.#blocked.clear();
  }
}
