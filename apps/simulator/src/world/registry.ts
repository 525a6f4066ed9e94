import { type RegistryCall, registerCall, removeCall } from '@heddle/node';
import type { ValidatorIndex } from '@heddle/types';
import { UnknownNameError } from '../errors.ts';
import type { SimulatedGenesis } from './genesis.ts';

/** The validator registry as it will stand when everything that its owner has sent is executed. */
export class Registry {
  readonly #genesis: SimulatedGenesis;
  readonly #send: (call: RegistryCall) => void;
  /** Machines, as the contract has their keys. */
  readonly #entries: ValidatorIndex[];

  constructor(genesis: SimulatedGenesis, send: (call: RegistryCall) => void) {
    this.#genesis = genesis;
    this.#send = send;
    this.#entries = genesis.genesis.validators.map((_, index) => index);
  }

  /** Machines whose keys stand there, in the order of the set that this makes: a key counts where it stands first. */
  get members(): readonly ValidatorIndex[] {
    return [...new Set(this.#entries)];
  }

  /** Enters a machine's key, even if it stands there. Throws UnknownNameError. */
  register(machine: ValidatorIndex): void {
    const candidate = this.#genesis.candidates[machine];
    if (candidate === undefined) throw new UnknownNameError('validator', machine);
    this.#entries.push(machine);
    this.#send(registerCall(candidate));
  }

  /** Takes out the first entry of a machine's key; the last entry stands there then. Throws UnknownNameError. */
  remove(machine: ValidatorIndex): void {
    const place = this.#entries.indexOf(machine);
    const last = this.#entries.pop();
    if (place === -1 || last === undefined) throw new UnknownNameError('entry of validator', machine);
    if (place < this.#entries.length) this.#entries[place] = last;
    this.#send(removeCall(place));
  }
}
