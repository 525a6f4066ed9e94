/** Runs tasks of the same key one after the other, in the order they came; tasks of different keys side by side. */
export class SerialQueue<K> {
  readonly #tails = new Map<K, Promise<unknown>>();

  /** Resolves or rejects as `task` does. A task that failed does not hold up the next one. */
  run<T>(key: K, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const tail = result.catch(() => {});
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }
}
