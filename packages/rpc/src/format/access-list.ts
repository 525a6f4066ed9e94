import { bytesToHex } from '@heddle/primitives';
import type { AccountAccess } from '@heddle/types';
import type { JsonObject } from '../json.ts';
import { quantity, word } from './quantity.ts';

/** One account of a block access list, in the members of the public schema. */
export function formatAccess(account: AccountAccess): JsonObject {
  return {
    address: account.address,
    storageChanges: account.storageChanges.map(({ slot, changes }) => ({
      key: word(slot),
      changes: changes.map(({ index, value }) => ({ index: quantity(index), value: word(value) })),
    })),
    storageReads: account.storageReads.map(word),
    balanceChanges: account.balanceChanges.map(({ index, balance }) => ({
      index: quantity(index),
      value: quantity(balance),
    })),
    nonceChanges: account.nonceChanges.map(({ index, nonce }) => ({ index: quantity(index), value: quantity(nonce) })),
    codeChanges: account.codeChanges.map(({ index, code }) => ({ index: quantity(index), code: bytesToHex(code) })),
  };
}
