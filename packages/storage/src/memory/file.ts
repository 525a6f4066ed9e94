import type { Random } from '@heddle/runtime';
import { MEMORY_FILE_BYTES } from '../limits.ts';

/** A change that is not on stable storage yet. */
type Change =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Uint8Array; readonly before: ReplacedBytes }
  | { readonly kind: 'truncate'; readonly before: ReplacedBytes };

/** What a change replaced: the file's length, and its bytes from `at` on as far as they were lost. */
interface ReplacedBytes {
  readonly length: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** One file's contents, and what of them a power failure may take. */
export class MemoryFile {
  #buffer: Uint8Array = new Uint8Array(MEMORY_FILE_BYTES);
  #length = 0;
  #unsynced: Change[] = [];

  contents(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  write(bytes: Uint8Array, at: number): void {
    this.#unsynced.push({ kind: 'write', at, bytes, before: this.#before(at, at + bytes.length) });
    this.#put(bytes, at);
  }

  truncate(length: number): void {
    this.#unsynced.push({ kind: 'truncate', before: this.#before(length, this.#length) });
    this.#setLength(length);
  }

  sync(): void {
    this.#unsynced = [];
  }

  /**
   * Power is gone: of what was not synced, a part from the beginning survives. A write may be torn at any byte; what
   * follows is missing, or reads as zeros if the new length had got through already.
   */
  losePower(random: Random): void {
    const kept = Math.floor(random.next() * (this.#unsynced.length + 1));
    for (const { before } of this.#unsynced.slice(kept).reverse()) this.#restore(before);
    const torn = this.#unsynced[kept];
    if (torn?.kind === 'write') {
      const bytes = Math.floor(random.next() * torn.bytes.length);
      const end = random.next() < 0.25 ? torn.at + torn.bytes.length : 0;
      if (bytes > 0) this.#put(torn.bytes.subarray(0, bytes), torn.at);
      this.#setLength(Math.max(this.#length, end));
    }
    this.#unsynced = [];
  }

  #before(from: number, to: number): ReplacedBytes {
    const at = Math.min(from, this.#length);
    return { length: this.#length, at, bytes: this.#buffer.slice(at, Math.max(at, Math.min(to, this.#length))) };
  }

  #restore({ length, at, bytes }: ReplacedBytes): void {
    this.#setLength(Math.max(length, at + bytes.length));
    this.#buffer.set(bytes, at);
    this.#setLength(length);
  }

  #put(bytes: Uint8Array, at: number): void {
    this.#setLength(Math.max(this.#length, at + bytes.length));
    this.#buffer.set(bytes, at);
  }

  /** What lies behind the end is zero, as a file shows it when it grows. */
  #setLength(length: number): void {
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    if (length < this.#length) this.#buffer.fill(0, length, this.#length);
    this.#length = length;
  }
}
