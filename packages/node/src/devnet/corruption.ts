import type { ValidatorIndex } from '@heddle/types';
import { UnknownActorError } from '../errors.ts';
import { type OpenValidator, openValidator, type ValidatorOptions } from '../open-validator.ts';

/** A validator that somebody has corrupted. */
export interface CorruptedValidator {
  /** One of `ByzantineActors.names`. */
  readonly actor: string;
  /** Its number on this devnet. */
  readonly index: ValidatorIndex;
  /** Told of everything that it does and no honest validator does. */
  misdeed(): void;
}

/** Dishonest behaviours. No node has them in itself: who starts a devnet knows where they are. */
export interface ByzantineActors {
  readonly names: readonly string[];
  /** As `openValidator`. */
  open(corrupted: CorruptedValidator, options: ValidatorOptions): Promise<OpenValidator>;
}

/** Which validators of a devnet are dishonest, each from its next start on. */
export class Corruption {
  readonly #load: () => Promise<ByzantineActors>;
  readonly #corrupted = new Map<ValidatorIndex, { readonly actor: string; misdeeds: number }>();

  constructor(load: () => Promise<ByzantineActors>) {
    this.#load = load;
  }

  /** By number, in order. */
  get corrupted(): readonly { readonly validator: number; readonly actor: string; readonly misdeeds: number }[] {
    return [...this.#corrupted]
      .map(([validator, { actor, misdeeds }]) => ({ validator, actor, misdeeds }))
      .sort((a, b) => a.validator - b.validator);
  }

  has(index: ValidatorIndex): boolean {
    return this.#corrupted.has(index);
  }

  /** `null` makes it honest. False when it is so already. Rejects with `UnknownActorError`. */
  async set(index: ValidatorIndex, actor: string | null): Promise<boolean> {
    if (actor !== null) {
      const { names } = await this.#load();
      if (!names.includes(actor)) throw new UnknownActorError(actor, names);
    }
    if ((this.#corrupted.get(index)?.actor ?? null) === actor) return false;
    if (actor === null) this.#corrupted.delete(index);
    else this.#corrupted.set(index, { actor, misdeeds: 0 });
    return true;
  }

  /** The validator as what it is now. */
  async open(index: ValidatorIndex, options: ValidatorOptions): Promise<OpenValidator> {
    const record = this.#corrupted.get(index);
    if (record === undefined) return openValidator(options);
    const { open } = await this.#load();
    const misdeed = (): void => {
      record.misdeeds += 1;
    };
    return open({ actor: record.actor, index, misdeed }, options);
  }
}
