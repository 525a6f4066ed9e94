/**
 * Remembers what was used lately, up to a weight: in two generations, of which the older one is dropped when the younger
 * has grown to half the limit. What is used moves to the younger.
 */
export class BoundedCache<Value> {
  readonly #halfLimit: number;
  #young: Map<string, Entry<Value>> = new Map();
  #old: Map<string, Entry<Value>> = new Map();
  #youngWeight = 0;

  constructor(limit: number) {
    this.#halfLimit = limit / 2;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.set(key, old.value, old.weight);
    return old.value;
  }

  /** What weighs more than half the limit is not kept for long. */
  set(key: string, value: Value, weight: number): void {
    if (this.#youngWeight + weight > this.#halfLimit) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngWeight = 0;
    }
    this.#young.set(key, { value, weight });
    this.#youngWeight += weight;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
}
