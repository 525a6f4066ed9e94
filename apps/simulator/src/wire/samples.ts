import type { Dice } from '@heddle/runtime';
import { SAMPLES_PER_KIND } from '../limits.ts';
import type { LooseEnvelope } from './envelope.ts';

/** Something genuine that went over the wire. */
export interface Sample extends LooseEnvelope {
  readonly protocol: string;
  readonly bytes: Uint8Array;
}

/** Genuine traffic, a few of each kind, older epochs among it. */
export class Samples {
  readonly #dice: Dice;
  readonly #byKind = new Map<string, Sample[]>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** In an empty place, else now and then in that of another. */
  add(sample: Sample): void {
    const known = this.#byKind.get(sample.kind) ?? [];
    this.#byKind.set(sample.kind, known);
    const kept = { ...sample, bytes: new Uint8Array(sample.bytes), payload: new Uint8Array(sample.payload) };
    if (known.length < SAMPLES_PER_KIND) known.push(kept);
    else if (this.#dice.chance(0.1)) known[this.#dice.below(known.length)] = kept;
  }

  /** Kinds that there are samples of. */
  get kinds(): readonly string[] {
    return [...this.#byKind.keys()];
  }

  /** Every kind as often as every other. Throws NothingToPickError. */
  any(): Sample {
    return this.#dice.pick(this.#byKind.get(this.#dice.pick(this.kinds)) ?? []);
  }

  /** Null when there is none yet. */
  ofKind(kind: string): Sample | null {
    const known = this.#byKind.get(kind);
    return known === undefined ? null : this.#dice.pick(known);
  }
}
