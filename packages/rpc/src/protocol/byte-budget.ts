import { assert } from '@heddle/primitives';
import { CapacityError } from '../errors.ts';

export interface ByteLimits {
  /** What all holders may hold beside what is free. */
  readonly total: number;
  /** What each holder may hold without its being counted, so that whoever fills the budget does not lock out others. */
  readonly freePerHolder: number;
}

/** Counts bytes that are held for clients, all together. */
export class ByteBudget {
  readonly #limits: ByteLimits;
  /** What is told to a client for whom there is no room: what holds the memory, and what to do. */
  readonly #refusal: string;
  #counted = 0;

  constructor(limits: ByteLimits, refusal: string) {
    this.#limits = limits;
    this.#refusal = refusal;
  }

  /** Bytes that count now. */
  get counted(): number {
    return this.#counted;
  }

  /** For one connection. */
  holder(): ByteHolder {
    return new ByteHolder(
      this.#limits.freePerHolder,
      (bytes) => {
        if (this.#counted + bytes > this.#limits.total) throw new CapacityError(this.#refusal);
        this.#counted += bytes;
      },
      (bytes) => {
        this.#counted -= bytes;
      },
    );
  }
}

/** What is held for one connection. */
export class ByteHolder {
  readonly #free: number;
  readonly #count: (bytes: number) => void;
  readonly #uncount: (bytes: number) => void;
  #held = 0;

  constructor(free: number, count: (bytes: number) => void, uncount: (bytes: number) => void) {
    this.#free = free;
    this.#count = count;
    this.#uncount = uncount;
  }

  /** A part that is released as one. */
  open(): Hold {
    return new Hold(this);
  }

  /** Throws CapacityError, and takes nothing then. */
  take(bytes: number): void {
    const more = this.#beyondFree(this.#held + bytes) - this.#beyondFree(this.#held);
    if (more > 0) this.#count(more);
    this.#held += bytes;
  }

  release(bytes: number): void {
    assert(bytes <= this.#held, 'what is released was taken');
    const less = this.#beyondFree(this.#held) - this.#beyondFree(this.#held - bytes);
    this.#held -= bytes;
    if (less > 0) this.#uncount(less);
  }

  #beyondFree(bytes: number): number {
    return Math.max(0, bytes - this.#free);
  }
}

/** Bytes of one message, body or answer. */
export class Hold {
  readonly #holder: ByteHolder;
  #bytes = 0;

  constructor(holder: ByteHolder) {
    this.#holder = holder;
  }

  /** Throws CapacityError, and takes nothing then. */
  take(bytes: number): void {
    this.#holder.take(bytes);
    this.#bytes += bytes;
  }

  /** Gives everything back. Idempotent. */
  release(): void {
    this.giveBack(this.#bytes);
  }

  /** Gives back so much, or what there is. */
  giveBack(bytes: number): void {
    const held = Math.min(bytes, this.#bytes);
    this.#holder.release(held);
    this.#bytes -= held;
  }
}
