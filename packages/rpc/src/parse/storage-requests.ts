import type { Address } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import { isUncheckedObject } from '../json.ts';
import { MAX_PROOF_KEYS } from '../limits.ts';
import { describeType, parseAt } from './bad-value.ts';
import { parseList } from './fields.ts';
import { parseAddress, parseWord } from './hex.ts';

/** Slots of one account. */
export interface StorageRequest {
  /** The address as the client wrote it. */
  readonly key: string;
  readonly address: Address;
  readonly slots: readonly bigint[];
}

/** eth_getStorageValues' first parameter, slots by address; at most MAX_PROOF_KEYS in all, at least one. */
export function parseStorageRequests(value: unknown): readonly StorageRequest[] {
  if (!isUncheckedObject(value)) throw new BadValueError(`want slots by address, got ${describeType(value)}`);
  let count = 0;
  const requests = new Map<Address, StorageRequest>();
  for (const [key, list] of Object.entries(value)) {
    const address = parseAt('address', key, parseAddress);
    if (requests.has(address)) throw new BadValueError(`${address} is there twice`);
    const slots = parseAt(address, list, (keys) => parseList(keys, MAX_PROOF_KEYS, parseWord));
    count += slots.length;
    if (count > MAX_PROOF_KEYS) throw new BadValueError(`too many slots: at most ${MAX_PROOF_KEYS} are read at once`);
    requests.set(address, { key, address, slots });
  }
  if (count === 0) throw new BadValueError('empty request: want at least one slot');
  return [...requests.values()];
}
