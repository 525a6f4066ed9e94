/**
 * A map that stays within a number of bytes. Only for what can be read again. It has two generations: what is asked for
 * moves to the young one, and when that is half the budget the old one goes as a whole.
 */
export class ByteCache<Value> {
  readonly #generationBytes: number;
  readonly #bytesOf: (value: Value) => number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #youngBytes = 0;

  /** `bytesOf` says what an entry with this value takes, its key and the map's own share included. */
  constructor(bytes: number, bytesOf: (value: Value) => number) {
    this.#generationBytes = bytes / 2;
    this.#bytesOf = bytesOf;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** A value that takes more than a generation is not kept. */
  set(key: string, value: Value): void {
    const before = this.#young.get(key);
    if (before !== undefined) this.#youngBytes -= this.#bytesOf(before);
    const bytes = this.#bytesOf(value);
    if (bytes > this.#generationBytes) {
      this.#young.delete(key);
      this.#old.delete(key);
      return;
    }
    if (this.#youngBytes + bytes > this.#generationBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, value);
    this.#youngBytes += bytes;
  }
}
