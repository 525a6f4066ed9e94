import type { Clock } from '@heddle/runtime';
import {
  ADDRESS_POINTS,
  BAN_POINTS,
  type Libp2pLimits,
  MAX_BAN_MS,
  MAX_REMEMBERED_PEERS,
  POINTS_HALF_LIFE_MS,
} from '../limits.ts';
import type { KeptBan } from './kept.ts';

const SECOND_MS = 1_000;

export interface Ban {
  /** A peer id or an address. */
  readonly subject: string;
  readonly reason: string;
  /** On the monotonic clock. */
  readonly untilMs: number;
}

interface BanRecord extends Ban {
  /** Bans of this subject until now. */
  readonly count: number;
}

interface Points {
  readonly points: number;
  readonly atMs: number;
}

export interface BanPorts {
  readonly clock: Clock;
  readonly limits: Pick<Libp2pLimits, 'banMs'>;
  /** A ban begins. */
  banned(ban: Ban): void;
}

/**
 * Points for what peers do wrong, which fade, and bans for those that have too many, which end. An address is banned with
 * its third peer: new peer ids cost nothing, addresses do.
 */
export class Bans {
  readonly #ports: BanPorts;
  /** Oldest first. */
  readonly #points = new Map<string, Points>();
  readonly #bans = new Map<string, BanRecord>();

  constructor(ports: BanPorts) {
    this.#ports = ports;
  }

  has(subject: string): boolean {
    const ban = this.#bans.get(subject);
    return ban !== undefined && this.#ports.clock.monotonicMs() < ban.untilMs;
  }

  /** Those that have not ended. */
  list(): readonly Ban[] {
    return [...this.#bans.values()].filter(({ subject }) => this.has(subject));
  }

  /** True if the peer is banned now. `address`: where it is connected from, empty if nobody knows. */
  blame(peerId: string, address: string, points: number, reason: string): boolean {
    if (this.has(peerId)) return true;
    if (!this.#add(peerId, points)) return false;
    this.ban(peerId, reason);
    if (address !== '' && this.#add(address, ADDRESS_POINTS)) this.ban(address, `peers banned there: ${reason}`);
    return true;
  }

  /** Those that have not ended, as they outlast the process, oldest first. */
  kept(): readonly KeptBan[] {
    const { clock } = this.#ports;
    const aheadMs = clock.wallMs() - clock.monotonicMs();
    return [...this.#bans.values()]
      .filter(({ subject }) => this.has(subject))
      .map(({ subject, reason, count, untilMs }) => {
        // To a second, since clocks drift against one another: what has not changed is not written again.
        return { subject, reason, count, untilWallMs: Math.ceil((untilMs + aheadMs) / SECOND_MS) * SECOND_MS };
      });
  }

  /** Of an earlier run of the process. A wall clock that was wrong then, or is now, makes none longer than any. */
  restore(kept: readonly KeptBan[]): void {
    const { clock } = this.#ports;
    for (const { subject, reason, count, untilWallMs } of kept) {
      const leftMs = Math.min(MAX_BAN_MS, untilWallMs - clock.wallMs());
      if (leftMs > 0) this.#bans.set(subject, { subject, reason, count, untilMs: clock.monotonicMs() + leftMs });
    }
  }

  ban(subject: string, reason: string): void {
    const count = (this.#bans.get(subject)?.count ?? 0) + 1;
    const durationMs = Math.min(MAX_BAN_MS, this.#ports.limits.banMs * 2 ** (count - 1));
    const record = { subject, reason, count, untilMs: this.#ports.clock.monotonicMs() + durationMs };
    this.#bans.delete(subject);
    this.#bans.set(subject, record);
    this.#points.delete(subject);
    dropOldest(this.#bans);
    this.#ports.banned(record);
  }

  pardon(subject: string): void {
    this.#bans.delete(subject);
    this.#points.delete(subject);
  }

  /** True when the points suffice for a ban. */
  #add(subject: string, added: number): boolean {
    const atMs = this.#ports.clock.monotonicMs();
    const known = this.#points.get(subject);
    const faded = known === undefined ? 0 : known.points * 0.5 ** ((atMs - known.atMs) / POINTS_HALF_LIFE_MS);
    this.#points.delete(subject);
    this.#points.set(subject, { points: faded + added, atMs });
    dropOldest(this.#points);
    return faded + added >= BAN_POINTS;
  }
}

function dropOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MAX_REMEMBERED_PEERS) return;
    map.delete(key);
  }
}
