import type { PeerId, Transport } from '@heddle/network';
import { MAX_BLOCKED_PEERS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Telling, ValidatorEvents } from '../parts/events.ts';
import type { Surroundings } from '../parts/surroundings.ts';

type Parts = Pick<Surroundings, 'log'> & {
  readonly transport: Pick<Transport, 'block' | 'unblock'>;
} & Telling<'peerBlocked'>;

/**
 * Peers that sent what they can't have believed, for the rest of the epoch: the transport reads no more of them, and what
 * they ask for is not answered. The next epoch begins with an empty list, so that no mistake lasts.
 */
export class BlockList {
  readonly #log: Logger;
  readonly #transport: Pick<Transport, 'block' | 'unblock'>;
  readonly #events: Pick<ValidatorEvents, 'peerBlocked'>;
  /** Oldest first: keys cost nothing, and the oldest gives way. */
  readonly #blocked = new Map<PeerId, string>();
  /** Faults since the start, by reason. */
  readonly #faults = new Map<string, number>();

  constructor({ log, transport, events }: Parts) {
    this.#log = log.child('peers');
    this.#transport = transport;
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
    this.#transport.block(peer);
    for (const oldest of this.#blocked.keys()) {
      if (this.#blocked.size <= MAX_BLOCKED_PEERS) break;
      this.#remove(oldest);
    }
    const kind = reason.replace(/\d+/g, '…');
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.#log.warn('peer blocked for the epoch', { peer, reason });
    this.#events.peerBlocked(peer, reason);
  }

  /** A new epoch begins. */
  clear(): void {
    for (const peer of [...this.#blocked.keys()]) this.#remove(peer);
  }

  #remove(peer: PeerId): void {
    this.#blocked.delete(peer);
    this.#transport.unblock(peer);
  }
}
