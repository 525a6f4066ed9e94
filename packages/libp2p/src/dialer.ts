import type { Cancel, Clock, Random, Scheduler } from '@heddle/runtime';
import type { Multiaddr } from '@multiformats/multiaddr';
import {
  DIAL_ROUND_MS,
  MAX_ADDRESSES_PER_PEER,
  MAX_DIAL_FAILURES,
  MAX_DIAL_PAUSE_MS,
  MAX_DIALS,
  MAX_KNOWN_PEERS,
  REFUSED_PAUSE_MS,
  WANTED_PEERS,
} from './limits.ts';
import { parseAddress, peerIdOf, withoutPeerId } from './peers/addresses.ts';
import type { KeptPeer } from './peers/kept.ts';

export interface DialerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly ownPeerId: string;
  /** Connected peers. */
  peerCount(): number;
  isConnected(peerId: string): boolean;
  isBanned(peerId: string): boolean;
  /** Resolves to the peer id of whoever answers. */
  dial(addresses: readonly Multiaddr[]): Promise<string>;
  failed(address: string, error: unknown): void;
}

interface Target {
  /** A peer id; for a configured address without one, that address. */
  readonly key: string;
  /** Null until somebody has answered at an address without peer id. */
  peerId: string | null;
  /** Configured: dialled for ever. */
  readonly isFixed: boolean;
  readonly addresses: Map<string, Multiaddr>;
  failures: number;
  nextMs: number;
  isDialling: boolean;
}

/** Keeps connections: to configured peers always, to those that others told of while there are few. */
export class Dialer {
  readonly #ports: DialerPorts;
  readonly #targets = new Map<string, Target>();
  #dialling = 0;
  #cancelRound: Cancel | null = null;
  #isOpen = true;

  constructor(ports: DialerPorts) {
    this.#ports = ports;
  }

  /** How many peers may be dialled. */
  get size(): number {
    return this.#targets.size;
  }

  /** A configured address. Throws InvalidAddressError. */
  addFixed(text: string): void {
    const address = parseAddress(text);
    const peerId = peerIdOf(address);
    if (peerId === this.#ports.ownPeerId) return;
    const known = this.#targets.get(peerId ?? text);
    this.#put({ key: peerId ?? text, peerId, isFixed: true, addresses: known?.addresses ?? new Map() }).addresses.set(
      text,
      address,
    );
    this.#roundSoon();
  }

  /** Addresses that a peer told of; what is known already stays. Without a peer id in them. */
  addLearnt(peerId: string, addresses: readonly Multiaddr[]): void {
    if (peerId === this.#ports.ownPeerId || addresses.length === 0) return;
    const known = this.#targets.get(peerId);
    if (known === undefined && this.#targets.size >= MAX_KNOWN_PEERS) return;
    const target = known ?? this.#put({ key: peerId, peerId, isFixed: false, addresses: new Map() });
    for (const address of addresses) {
      if (target.addresses.size >= MAX_ADDRESSES_PER_PEER) break;
      const whole = parseAddress(`${address.toString()}/p2p/${peerId}`);
      target.addresses.set(whole.toString(), whole);
    }
  }

  /** Those that others told of and that are still worth a dial: whom was reached last comes first. */
  learnt(): readonly KeptPeer[] {
    const targets = [...this.#targets.values()].filter(({ isFixed }) => !isFixed);
    return targets
      .sort((a, b) => a.failures - b.failures)
      .map(({ key, addresses }) => ({
        peerId: key,
        addresses: [...addresses.keys()].map(withoutPeerId),
      }));
  }

  start(): void {
    this.#round();
  }

  stop(): void {
    this.#isOpen = false;
    this.#cancelRound?.();
  }

  /** A peer is gone: it may be back at once. */
  lost(peerId: string): void {
    for (const target of this.#of(peerId)) {
      target.nextMs = this.#ports.clock.monotonicMs() + this.#jitter(DIAL_ROUND_MS);
    }
  }

  connected(peerId: string): void {
    for (const target of this.#of(peerId)) target.failures = 0;
  }

  /** A handshake failed. Lasting: what is wrong will not be mended soon. */
  refused(peerId: string, isLasting: boolean): void {
    for (const target of this.#of(peerId)) {
      this.#postpone(target);
      if (isLasting) target.nextMs = this.#ports.clock.monotonicMs() + REFUSED_PAUSE_MS;
    }
  }

  #of(peerId: string): readonly Target[] {
    return [...this.#targets.values()].filter((target) => target.peerId === peerId);
  }

  #put(facts: Pick<Target, 'key' | 'peerId' | 'isFixed' | 'addresses'>): Target {
    const target = { ...facts, failures: 0, nextMs: 0, isDialling: false };
    this.#targets.set(target.key, target);
    return target;
  }

  #roundSoon(): void {
    if (this.#cancelRound !== null) this.#ports.scheduler.soon(() => this.#round());
  }

  #round(): void {
    if (!this.#isOpen) return;
    this.#cancelRound?.();
    this.#cancelRound = this.#ports.scheduler.after(DIAL_ROUND_MS, () => this.#round());
    for (const target of this.#targets.values()) {
      if (this.#dialling >= MAX_DIALS) return;
      if (this.#isDue(target)) void this.#dial(target);
    }
  }

  #isDue({ peerId, isFixed, isDialling, nextMs }: Target): boolean {
    const { clock, isConnected, isBanned, peerCount } = this.#ports;
    if (isDialling || nextMs > clock.monotonicMs()) return false;
    if (peerId !== null && (isConnected(peerId) || isBanned(peerId))) return false;
    return isFixed || peerCount() < WANTED_PEERS;
  }

  async #dial(target: Target): Promise<void> {
    target.isDialling = true;
    this.#dialling += 1;
    try {
      target.peerId = await this.#ports.dial([...target.addresses.values()]);
      // The handshake is still to come.
      target.nextMs = this.#ports.clock.monotonicMs() + this.#jitter(2 * DIAL_ROUND_MS);
    } catch (error) {
      this.#onFailure(target, error);
    } finally {
      target.isDialling = false;
      this.#dialling -= 1;
    }
  }

  #onFailure(target: Target, error: unknown): void {
    if (!this.#isOpen) return;
    this.#postpone(target);
    this.#ports.failed([...target.addresses.keys()].join(', '), error);
    if (!target.isFixed && target.failures >= MAX_DIAL_FAILURES) this.#targets.delete(target.key);
  }

  #postpone(target: Target): void {
    target.failures += 1;
    const pauseMs = Math.min(MAX_DIAL_PAUSE_MS, DIAL_ROUND_MS * 2 ** Math.min(target.failures, 16));
    target.nextMs = this.#ports.clock.monotonicMs() + this.#jitter(pauseMs);
  }

  /** Nodes that lost one another at once do not come back at once. */
  #jitter(durationMs: number): number {
    return durationMs * (0.5 + 0.5 * this.#ports.random.next());
  }
}
