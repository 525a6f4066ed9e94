import { crc32 } from 'node:zlib';
import {
  type ArrivingCopy,
  createMemoryHub,
  kindOfEnvelope,
  type LinkPolicy,
  type MemoryHub,
  type PeerId,
  type Transit,
} from '@heddle/network';
import type { Dice, VirtualTime } from '@heddle/runtime';
import type { ValidatorIndex } from '@heddle/types';
import type { Trace } from './trace.ts';

/** A frame on one direction between two validators. */
export interface Passage {
  readonly from: ValidatorIndex;
  readonly to: ValidatorIndex;
  /** Kind of the wire message (`proposal`, `vote`, …), null for requests and answers. */
  readonly kind: string | null;
  readonly payload: Uint8Array;
}

/** What the network does to every frame. */
export interface Weather {
  /** Each direction has its own latency, drawn once between the two, milliseconds. */
  readonly latencyMs: readonly [least: number, most: number];
  /** Added to each frame, 0 … this. */
  readonly jitterMs: number;
  /** Shares of the frames, 0 … 1. */
  readonly loss: number;
  readonly duplicates: number;
  /** Frames that overtake others of their own stream, which no transport may do. */
  readonly overtaking: number;
}

export const GOOD_WEATHER: Weather = { latencyMs: [5, 40], jitterMs: 10, loss: 0, duplicates: 0, overtaking: 0 };

const NOT_ARRIVING: readonly ArrivingCopy[] = [];

/** The network between the machines: a memory hub whose link policy the scenarios set. */
export class SimNetwork implements LinkPolicy {
  readonly hub: MemoryHub;
  readonly #dice: Dice;
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #count: number;
  readonly #indices: ReadonlyMap<PeerId, ValidatorIndex>;
  /** By `from · n + to`. */
  #latencies: readonly number[] = [];
  #weather: Weather = GOOD_WEATHER;
  #blocked: ReadonlySet<number> = new Set();
  #lets: (passage: Passage) => boolean = () => true;
  #messages = 0;

  /** `peers`: the identities of the validators, by index. */
  constructor(peers: readonly PeerId[], time: VirtualTime, dice: Dice, trace: Trace) {
    this.hub = createMemoryHub({ scheduler: time.scheduler });
    this.#count = peers.length;
    this.#indices = new Map(peers.map((peer, index) => [peer, index]));
    this.#time = time;
    this.#dice = dice;
    this.#trace = trace;
    this.setWeather(GOOD_WEATHER);
    this.hub.setLinkPolicy(this);
  }

  /** Frames that were sent so far, lost ones included. */
  get messages(): number {
    return this.#messages;
  }

  setWeather(weather: Weather): void {
    const [least, most] = weather.latencyMs;
    this.#weather = weather;
    this.#latencies = Array.from({ length: this.#count ** 2 }, () => this.#dice.between(least, most));
  }

  /** From now on nothing goes through in these directions; replaces the last call. Connections stay up. */
  block(directions: readonly (readonly [from: ValidatorIndex, to: ValidatorIndex])[]): void {
    this.#blocked = new Set(directions.map(([from, to]) => from * this.#count + to));
  }

  /** Loses every frame for which `lets` is false; replaces the last call. */
  filter(lets: (passage: Passage) => boolean): void {
    this.#lets = lets;
  }

  heal(): void {
    this.setWeather(GOOD_WEATHER);
    this.block([]);
    this.filter(() => true);
    this.hub.heal();
  }

  copies({ from, to, channel, payload }: Transit): readonly ArrivingCopy[] {
    this.#messages += 1;
    const bytes = payload ?? new Uint8Array();
    const copies = this.#judge(this.#indexOf(from), this.#indexOf(to), channel, bytes);
    const [first] = copies;
    const delays = copies.length > 1 ? copies.map(({ delayMs }) => delayMs).join('+') : (first?.delayMs ?? '');
    this.#trace.add(
      `${this.#time.clock.monotonicMs()} ${from}>${to} ${channel} ${bytes.length} ${crc32(bytes)} ${delays}`,
    );
    return copies;
  }

  #indexOf(peer: PeerId): ValidatorIndex {
    return this.#indices.get(peer) ?? 0;
  }

  #judge(from: ValidatorIndex, to: ValidatorIndex, channel: string, payload: Uint8Array): readonly ArrivingCopy[] {
    const link = from * this.#count + to;
    if (this.#blocked.has(link)) return NOT_ARRIVING;
    const isMessage = channel.startsWith('direct:') || channel.startsWith('gossip:');
    if (!this.#lets({ from, to, kind: isMessage ? kindOfEnvelope(payload) : null, payload })) return NOT_ARRIVING;
    const { jitterMs, loss, duplicates, overtaking } = this.#weather;
    if (loss > 0 && this.#dice.chance(loss)) return NOT_ARRIVING;
    const copy = (): ArrivingCopy => ({
      delayMs: (this.#latencies[link] ?? 0) + (jitterMs > 0 ? this.#dice.below(jitterMs + 1) : 0),
      overtakes: overtaking > 0 && this.#dice.chance(overtaking),
    });
    return duplicates > 0 && this.#dice.chance(duplicates) ? [copy(), copy()] : [copy()];
  }
}
