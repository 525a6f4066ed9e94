/** Counts bytes that are held; what is taken is released. */
export class ByteRoom {
  readonly #limit: number;
  /** What this one is a part of; null for the whole. */
  readonly #whole: ByteRoom | null;
  #held = 0;

  constructor(limitBytes: number, whole: ByteRoom | null) {
    this.#limit = limitBytes;
    this.#whole = whole;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** False, and nothing is taken, if there is no room here or in the whole. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#limit) return false;
    if (this.#whole?.take(bytes) === false) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
    this.#whole?.release(bytes);
  }
}
