/** Those who want to hear of something, told in the order in which they came. */
export class Listeners<Fact> {
  readonly #listeners = new Set<(fact: Fact) => void>();

  /** Returns the unsubscriber. */
  add(listener: (fact: Fact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(fact: Fact): void {
    for (const listener of this.#listeners) listener(fact);
  }
}
