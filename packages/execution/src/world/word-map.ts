/** Up to here entries are looked through one by one. */
const SMALL_SIZE = 8;
/** Entries of one bucket; only words that were chosen for it come to that many. */
const BUCKET_LIMIT = 16;
/** Powers of two. */
const FIRST_BUCKETS = 32;
const GROWTH = 4;

interface Entry<Value> {
  readonly word: bigint;
  value: Value;
  /** In the same bucket. */
  next: Entry<Value> | null;
}

/**
 * A map from words. V8's own `Map` hashes a bigint by its low 64 bits and without a secret, so code can choose words
 * that all fall on one another: 20,000 of them take seconds. Here a bucket has a bound; what does not fit goes into a
 * map by string, whose hash V8 does keep secret.
 */
export class WordMap<Value> {
  /** In the order in which they came. */
  readonly #entries: Entry<Value>[] = [];
  /** A power of two of them; none while the map is small. */
  #buckets: (Entry<Value> | null)[] = [];
  #crowded: Map<string, Entry<Value>> | null = null;

  get size(): number {
    return this.#entries.length;
  }

  get(word: bigint): Value | undefined {
    return this.#find(word)?.value;
  }

  set(word: bigint, value: Value): void {
    const known = this.#find(word);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const entry = { word, value, next: null };
    this.#entries.push(entry);
    if (this.#entries.length > SMALL_SIZE && this.#entries.length > this.#buckets.length) this.#grow();
    else if (this.#buckets.length > 0) this.#place(entry);
  }

  /** In the order in which their words were first set. */
  values(): readonly Value[] {
    return this.#entries.map((entry) => entry.value);
  }

  #find(word: bigint): Entry<Value> | undefined {
    const buckets = this.#buckets;
    if (buckets.length === 0) {
      for (const entry of this.#entries) if (entry.word === word) return entry;
      return undefined;
    }
    let entry = buckets[bucketOf(word, buckets.length)] ?? null;
    for (; entry !== null; entry = entry.next) if (entry.word === word) return entry;
    return this.#crowded === null ? undefined : this.#crowded.get(word.toString(16));
  }

  #grow(): void {
    this.#buckets = new Array<Entry<Value> | null>(GROWTH * this.#buckets.length || FIRST_BUCKETS).fill(null);
    this.#crowded = null;
    for (const entry of this.#entries) this.#place(entry);
  }

  #place(entry: Entry<Value>): void {
    const bucket = bucketOf(entry.word, this.#buckets.length);
    const first = this.#buckets[bucket] ?? null;
    let length = 0;
    for (let other = first; other !== null; other = other.next) length++;
    if (length < BUCKET_LIMIT) {
      entry.next = first;
      this.#buckets[bucket] = entry;
      return;
    }
    entry.next = null;
    this.#crowded ??= new Map();
    this.#crowded.set(entry.word.toString(16), entry);
  }
}

function bucketOf(word: bigint, buckets: number): number {
  return Number(BigInt.asUintN(30, word)) & (buckets - 1);
}
