const SLOT_BYTES = 4;
const MAX_AGE = 0xffff_ffff;

/**
 * Which versions have put nodes into the tries since the store was opened, by some bits of the nodes' hashes: whether a
 * node has surely not come back since it was removed, without reading it. It forgets nothing, and only errs to the safe
 * side: nodes share slots.
 */
export class RecentBirths {
  /** Newest version − the one at the start, of all nodes that share the slot; 0 = none. */
  readonly #slots: Uint32Array;
  readonly #start: bigint;

  /** `start`: the newest version of what is stored already. */
  constructor(bytes: number, start: bigint) {
    this.#slots = new Uint32Array(2 ** Math.floor(Math.log2(Math.max(1, bytes / SLOT_BYTES))));
    this.#start = start;
  }

  /** Versions never fall. */
  add(hash: Uint8Array, version: bigint): void {
    this.#slots[this.#slotOf(hash)] = Math.min(MAX_AGE, Number(version - this.#start));
  }

  /** False: no version from `version` on has put it into a trie. */
  mayHave(hash: Uint8Array, version: bigint): boolean {
    const age = Number(version - this.#start);
    return age <= 0 || (this.#slots[this.#slotOf(hash)] ?? MAX_AGE) >= Math.min(age, MAX_AGE);
  }

  #slotOf(hash: Uint8Array): number {
    const [a = 0, b = 0, c = 0, d = 0] = hash;
    return ((a << 24) | (b << 16) | (c << 8) | d) & (this.#slots.length - 1);
  }
}
