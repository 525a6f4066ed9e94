import { InvalidFaultError, type MemoryHub, NO_LATENCY, type PeerId } from '@heddle/network';
import { assert } from '@heddle/primitives';
import type { NetworkLatency } from '@heddle/rpc';
import type { Random } from '@heddle/runtime';
import type { ValidatorIndex } from '@heddle/types';
import { InvalidLatencyError } from '../errors.ts';

export type Groups = readonly (readonly ValidatorIndex[])[];

type Hub = Pick<MemoryHub, 'partition' | 'heal' | 'setLatency'>;

/** What is wrong on purpose with the network between the validators of a devnet. */
export class NetworkFaults {
  readonly #hub: Hub;
  readonly #peers: readonly PeerId[];
  readonly #random: Random;
  #groups: Groups | null = null;
  #latency: NetworkLatency | null = null;

  /** `peers`: of the validators, by their numbers. */
  constructor(hub: Hub, peers: readonly PeerId[], random: Random) {
    this.#hub = hub;
    this.#peers = peers;
    this.#random = random;
  }

  /** Null while nobody is cut off. */
  get groups(): Groups | null {
    return this.#groups;
  }

  /** Null while frames take no time of their own. */
  get latency(): NetworkLatency | null {
    return this.#latency;
  }

  /** Each validator stands in one of them. */
  partition(groups: Groups): void {
    this.#groups = groups;
    this.#hub.partition(groups.map((group) => group.map((index) => this.#peer(index))));
  }

  /** False when nobody was cut off. */
  heal(): boolean {
    const wasCut = this.#groups !== null;
    this.#groups = null;
    this.#hub.heal();
    return wasCut;
  }

  /** Throws `InvalidLatencyError`. */
  setLatency(latency: NetworkLatency): void {
    const { ms, jitterMs, links } = latency;
    const byPeer = links.map(({ from, to, ...delay }) => ({ ...delay, from: this.#peer(from), to: this.#peer(to) }));
    try {
      this.#hub.setLatency({ ms, jitterMs, links: byPeer }, this.#random);
    } catch (error) {
      if (error instanceof InvalidFaultError) throw new InvalidLatencyError(error.message);
      throw error;
    }
    this.#latency = [latency, ...links].every(isNone) ? null : latency;
  }

  /** Those of `indices` that reach one another, most of them; the first ones among groups of a size. */
  largestGroup(indices: readonly ValidatorIndex[]): readonly ValidatorIndex[] {
    if (this.#groups === null) return indices;
    const present = this.#groups.map((group) => group.filter((index) => indices.includes(index)));
    return present.reduce((largest, group) => (group.length > largest.length ? group : largest), []);
  }

  #peer(index: ValidatorIndex): PeerId {
    const peer = this.#peers[index];
    assert(peer !== undefined, `there is a validator ${index}`);
    return peer;
  }
}

function isNone({ ms, jitterMs }: Pick<NetworkLatency, 'ms' | 'jitterMs'>): boolean {
  return ms === NO_LATENCY.ms && jitterMs === NO_LATENCY.jitterMs;
}
