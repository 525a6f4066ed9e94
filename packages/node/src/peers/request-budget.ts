/**
 * Bounds what all requests under way may bring in at once: each reserves the most that its answer can have, and those
 * that there is no room for wait in their order.
 */
export class RequestBudget {
  readonly #limit: number;
  readonly #waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  #reserved = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get reservedBytes(): number {
    return this.#reserved;
  }

  /** Runs `ask` when there is room for `bytes`, which it gives back as soon as the answer is there. */
  async run<T>(bytes: number, ask: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#hasRoom(bytes)) {
      await new Promise<void>((begin) => {
        this.#waiting.push({ bytes, begin });
      });
    } else this.#reserved += bytes;
    try {
      return await ask();
    } finally {
      this.#reserved -= bytes;
      this.#admit();
    }
  }

  /** One alone always has room. */
  #hasRoom(bytes: number): boolean {
    return this.#reserved === 0 || this.#reserved + bytes <= this.#limit;
  }

  #admit(): void {
    for (let [next] = this.#waiting; next !== undefined && this.#hasRoom(next.bytes); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#reserved += next.bytes;
      next.begin();
    }
  }
}
