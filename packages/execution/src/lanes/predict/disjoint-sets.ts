/** Sets of the numbers 0 … size − 1, each on its own at first. A set is named by its least member. */
export class DisjointSets {
  /** A member's way to the least of its set, which is its own parent. Parents are never greater. */
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, member) => member);
  }

  /** The least member of the set that `member` is in. */
  find(member: number): number {
    const parents = this.#parents;
    let at = member;
    for (;;) {
      const parent = parents[at] ?? at;
      if (parent === at) return at;
      // Every other step of the way is cut short, so that ways stay short.
      const grandparent = parents[parent] ?? parent;
      parents[at] = grandparent;
      at = grandparent;
    }
  }

  /** Makes one set of the two that `a` and `b` are in. */
  unite(a: number, b: number): void {
    const first = this.find(a);
    const second = this.find(b);
    if (first < second) this.#parents[second] = first;
    else this.#parents[first] = second;
  }
}
