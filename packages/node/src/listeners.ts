/** Those who want to hear of something, told in the order in which they came. */
export class Listeners<Fact> {
  readonly #listeners: ((fact: Fact) => void)[] = [];

  add(listener: (fact: Fact) => void): void {
    this.#listeners.push(listener);
  }

  tell(fact: Fact): void {
    for (const listener of this.#listeners) listener(fact);
  }
}
