/** What one kind of attacker has done. */
export interface Deed {
  readonly who: string;
  readonly what: string;
  messages: number;
  connections: number;
  /** Connections that the other side ended. */
  ended: number;
}

/** Counts what attackers do, by who and what. */
export class Tally {
  readonly #deeds = new Map<string, Deed>();

  get messages(): number {
    let sum = 0;
    for (const { messages } of this.#deeds.values()) sum += messages;
    return sum;
  }

  get deeds(): readonly Deed[] {
    return [...this.#deeds.values()];
  }

  of(who: string, what: string): Deed {
    const name = `${who}: ${what}`;
    const known = this.#deeds.get(name) ?? { who, what, messages: 0, connections: 0, ended: 0 };
    this.#deeds.set(name, known);
    return known;
  }
}

/** Of several attacks. */
export function joinedDeeds(all: readonly Deed[]): readonly Deed[] {
  const tally = new Tally();
  for (const { who, what, messages, connections, ended } of all) {
    const deed = tally.of(who, what);
    deed.messages += messages;
    deed.connections += connections;
    deed.ended += ended;
  }
  return tally.deeds;
}
