import type { StateReader } from '@heddle/state';
import type { Address } from '@heddle/types';
import type { StorageWrite } from '../../src/index.ts';

/** Storage words in a map; no accounts. */
export class MapState implements StateReader {
  readonly #words = new Map<string, bigint>();

  account(): null {
    return null;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#words.get(`${address}/${slot}`) ?? 0n;
  }

  code(): Uint8Array {
    return new Uint8Array(0);
  }

  apply(writes: readonly StorageWrite[]): void {
    for (const { address, slot, value } of writes) this.#words.set(`${address}/${slot}`, value);
  }

  get size(): number {
    return this.#words.size;
  }
}
