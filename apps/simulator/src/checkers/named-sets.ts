import { readRegistry } from '@heddle/node';
import { bytesToHex } from '@heddle/primitives';
import { type Hash, hashValidators, type Validator } from '@heddle/types';
import type { WorldEvent, WorldView } from '../world/events.ts';

/** The validators of an epoch. */
export interface NamedSet {
  readonly hash: Hash;
  /** Public keys, hex, in the order of the set. */
  readonly keys: readonly string[];
}

/**
 * The sets as the registry names them, read from final states by the checker itself: that of epoch e is what stands
 * there half an epoch before it begins. Proofs are all good in a simulation, and the registry is never empty.
 */
export class NamedSets {
  readonly #sets = new Map<bigint, NamedSet>();
  readonly #length: bigint;

  constructor(view: WorldView) {
    const { epochLength, validators } = view.genesis.genesis;
    this.#length = epochLength;
    this.#sets.set(0n, namedSet(validators));
  }

  on(event: WorldEvent): void {
    if (event.kind !== 'final') return;
    const { height } = event.block;
    const epoch = height / this.#length + 1n;
    if (height !== epoch * this.#length - this.#length / 2n || this.#sets.has(epoch)) return;
    const state = event.chain.tree.root.shards[0]?.state;
    if (state !== undefined) this.#sets.set(epoch, namedSet(readRegistry(state)));
  }

  /** Null as long as no machine has the block that names it. */
  ofEpoch(epoch: bigint): NamedSet | null {
    return this.#sets.get(epoch) ?? null;
  }
}

function namedSet(entries: readonly Validator[]): NamedSet {
  const byKey = new Map(entries.map((entry) => [bytesToHex(entry.publicKey), entry]));
  return { hash: hashValidators([...byKey.values()]), keys: [...byKey.keys()] };
}
