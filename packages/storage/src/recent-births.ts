const SLOT_BYTES = 4;
/** Slots that are made together when the first of them is needed: most chains are short, and opened often. */
const PART_BITS = 10;
const PART_SLOTS: number = 2 ** PART_BITS;
const MAX_AGE = 0xffff_ffff;

/**
 * Which versions have put nodes into the tries since the store was opened, by some bits of the nodes' hashes: whether a
 * node has surely not come back since it was removed, without reading it. It forgets nothing, and only errs to the safe
 * side: nodes share slots.
 */
export class RecentBirths {
  /** Newest version − the one at the start, of all nodes that share the slot; 0 = none. */
  readonly #parts: (Uint32Array | undefined)[];
  readonly #mask: number;
  readonly #start: bigint;

  /** `start`: the newest version of what is stored already. */
  constructor(bytes: number, start: bigint) {
    const slots = 2 ** Math.floor(Math.log2(Math.max(1, bytes / SLOT_BYTES)));
    this.#mask = slots - 1;
    this.#parts = new Array<Uint32Array | undefined>(Math.ceil(slots / PART_SLOTS));
    this.#start = start;
  }

  /** Versions never fall. */
  add(hash: Uint8Array, version: bigint): void {
    const slot = this.#slotOf(hash);
    const part = this.#parts[slot >>> PART_BITS] ?? new Uint32Array(PART_SLOTS);
    this.#parts[slot >>> PART_BITS] = part;
    part[slot % PART_SLOTS] = Math.min(MAX_AGE, Number(version - this.#start));
  }

  /** False: no version from `version` on has put it into a trie. */
  mayHave(hash: Uint8Array, version: bigint): boolean {
    const age = Number(version - this.#start);
    const slot = this.#slotOf(hash);
    const newest = this.#parts[slot >>> PART_BITS]?.[slot % PART_SLOTS] ?? 0;
    return age <= 0 || newest >= Math.min(age, MAX_AGE);
  }

  #slotOf(hash: Uint8Array): number {
    const [a = 0, b = 0, c = 0, d = 0] = hash;
    return ((a << 24) | (b << 16) | (c << 8) | d) & this.#mask;
  }
}
