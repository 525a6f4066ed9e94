import { Buffer } from 'node:buffer';
import type { Random } from '@heddle/runtime';
import type { KeyRange } from '../keys.ts';
import { MAX_UNSYNCED_BATCHES, SCRATCH_KEY_BYTES } from '../limits.ts';
import type { BatchOperation, KeyValueStore } from '../medium.ts';
import type { Life } from './life.ts';

/** Values by key as they were before a batch; `undefined` = none. */
type ReplacedValues = Map<string, Uint8Array | undefined>;

/** Of single calls: asking a short array for its buffer makes the engine move it out of its heap first. */
const scratch = Buffer.alloc(SCRATCH_KEY_BYTES);

const EVERYTHING: KeyRange = { gte: Uint8Array.of(0), lt: Uint8Array.of(0xff) };

/** One character a byte: orders like the bytes. */
function textOf(key: Uint8Array): string {
  if (key.length > SCRATCH_KEY_BYTES) return Buffer.from(key).toString('latin1');
  scratch.set(key);
  return scratch.toString('latin1', 0, key.length);
}

/** Values by key, and apart by the keys' first byte: what is read in order lies within one such part, so the others are not looked at. */
class ValuesByKey {
  readonly #parts = new Map<string, Map<string, Uint8Array>>();

  get(key: string): Uint8Array | undefined {
    return this.#parts.get(key.charAt(0))?.get(key);
  }

  set(key: string, value: Uint8Array): void {
    const part = this.#parts.get(key.charAt(0));
    if (part === undefined) this.#parts.set(key.charAt(0), new Map([[key, value]]));
    else part.set(key, value);
  }

  delete(key: string): void {
    this.#parts.get(key.charAt(0))?.delete(key);
  }

  get size(): number {
    return [...this.#parts.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Sorted here and not while writing: ranges are read at the start and when an account is destroyed. */
  sorted({ gte, lt }: KeyRange): readonly (readonly [string, Uint8Array])[] {
    const [first, end] = [textOf(gte), textOf(lt)];
    const parts = [...this.#parts].filter(([byte]) => byte >= first.charAt(0) && byte <= end.charAt(0));
    const found = parts.flatMap(([, part]) => [...part].filter(([key]) => key >= first && key < end));
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

const bytesOf = (key: string): Uint8Array => new Uint8Array(Buffer.from(key, 'latin1'));

/** What a key-value store in memory holds; it outlives the processes that open it. */
export class MemoryTable {
  readonly #values = new ValuesByKey();
  /** What the batches that are not durable replaced, the oldest first. */
  #unsynced: ReplacedValues[] = [];

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  get size(): number {
    return this.#values.size;
  }

  apply(operations: readonly BatchOperation[]): ReplacedValues {
    const before: ReplacedValues = new Map();
    for (const operation of operations) {
      const key = textOf(operation.key);
      if (!before.has(key)) before.set(key, this.#values.get(key));
      if (operation.type === 'put') this.#values.set(key, operation.value);
      else this.#values.delete(key);
    }
    this.#unsynced.push(before);
    if (this.#unsynced.length > MAX_UNSYNCED_BATCHES) this.#unsynced.shift();
    return before;
  }

  sync(): void {
    this.#unsynced = [];
  }

  /** One bit of one value turns over, as on a disk that grows old. Nothing happens to an empty table. */
  flipBit(random: Random): void {
    const values = this.#values.sorted(EVERYTHING).filter(([, value]) => value.length > 0);
    const chosen = values[Math.floor(random.next() * values.length)];
    if (chosen === undefined) return;
    const [key] = chosen;
    const value = Uint8Array.from(chosen[1]);
    const at = Math.floor(random.next() * value.length);
    value[at] = (value[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
    this.#values.set(key, value);
  }

  losePower(random: Random): void {
    const kept = Math.floor(random.next() * (this.#unsynced.length + 1));
    for (const before of this.#unsynced.slice(kept).reverse()) {
      for (const [key, value] of before) {
        if (value === undefined) this.#values.delete(key);
        else this.#values.set(key, value);
      }
    }
    this.#unsynced = [];
  }

  entries(range: KeyRange): readonly (readonly [Uint8Array, Uint8Array])[] {
    return this.#values.sorted(range).map(([key, value]) => [bytesOf(key), value]);
  }

  keys(range: KeyRange, limit: number): readonly Uint8Array[] {
    return this.#values
      .sorted(range)
      .slice(0, limit)
      .map(([key]) => bytesOf(key));
  }
}

const NOTHING: ReplacedValues = new Map();

/** A table as one life of the process sees it. */
export class MemoryKeyValue implements KeyValueStore {
  readonly #name: string;
  readonly #table: MemoryTable;
  readonly #life: Life;
  readonly #closed: () => void;
  /** What an unseen batch has replaced and readers still see. */
  #unseen: ReplacedValues = NOTHING;

  /** `closed` is told when the process gives the store back. */
  constructor(name: string, table: MemoryTable, life: Life, closed: () => void) {
    this.#name = name;
    this.#table = table;
    this.#life = life;
    this.#closed = closed;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const text = textOf(key);
    return this.#unseen.has(text) ? this.#unseen.get(text) : this.#table.get(text);
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.get(key)));
  }

  batch(operations: readonly BatchOperation[], sync: boolean): Promise<void> {
    const step = { op: sync ? 'batchSynced' : 'batch', path: this.#name, bytes: sizeOf(operations) } as const;
    return this.#life.run(step, () => {
      this.#table.apply(operations);
      if (sync) this.#table.sync();
    });
  }

  async batchUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void> {
    const step = { op: 'batch', path: this.#name, bytes: sizeOf(operations) } as const;
    try {
      await this.#life.run(step, () => {
        this.#unseen = this.#table.apply(operations);
      });
    } finally {
      this.#unseen = NOTHING;
    }
    applied();
  }

  entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    return Promise.resolve(this.#table.entries(range));
  }

  keys(range: KeyRange, limit: number): Promise<readonly Uint8Array[]> {
    return Promise.resolve(this.#table.keys(range, limit));
  }

  clear(range: KeyRange): Promise<void> {
    const keys = this.#table.keys(range, Number.POSITIVE_INFINITY);
    const forget = (count: number): void => {
      this.#table.apply(keys.slice(0, count).map((key) => ({ type: 'del', key })));
    };
    return this.#life.run(
      { op: 'batch', path: this.#name, bytes: keys.length },
      () => forget(keys.length),
      (bytes) => forget(bytes),
    );
  }

  isEmpty(): Promise<boolean> {
    return Promise.resolve(this.#table.size === 0);
  }

  close(): Promise<void> {
    this.#closed();
    return Promise.resolve();
  }
}

function sizeOf(operations: readonly BatchOperation[]): number {
  let bytes = 0;
  for (const operation of operations) {
    bytes += operation.key.length + (operation.type === 'put' ? operation.value.length : 0);
  }
  return bytes;
}
