import {
  assert,
  EncodedRlp,
  type FieldReader,
  keccak256Hex,
  type RlpItem,
  rememberedBy,
  writeAddress,
  writeIndex,
  writeU64,
  writeU256,
} from '@heddle/primitives';
import type { AccountAccess, BlockAccessList, StorageChange } from './access-list.ts';
import { InvalidEncodingError } from './errors.ts';
import { ANY_NUMBER, fieldsOf, itemIn, itemsOf } from './fields.ts';
import type { Hash } from './ids.ts';
import { MAX_ACCESS_INDEX } from './limits.ts';

const SUBJECT = 'block access list';

/**
 * RLP in the form of EIP-7928: a list of [address, storageChanges, storageReads, balanceChanges, nonceChanges,
 * codeChanges]. Throws ImpossibleStateError for a list that is not sorted and unique as `decodeAccessList` demands.
 * Read only: remembered with the list.
 */
export function encodeAccessList(list: BlockAccessList): Uint8Array {
  return accessListItem(list).bytes;
}

/**
 * Strict inverse of `encodeAccessList`: accounts, slots, reads and indices strictly ascending, a changed slot with at
 * least one change and never among the reads. Throws InvalidEncodingError.
 */
export function decodeAccessList(bytes: Uint8Array): BlockAccessList {
  return readAccessList(itemIn(SUBJECT, bytes));
}

/** keccak256 of the encoding; `accessListHash` of the chunk header. */
export function hashAccessList(list: BlockAccessList): Hash {
  return keccak256Hex(accessListItem(list).bytes);
}

/** Encoded once a list: it is hashed, and sent and stored with its chunk. */
export const accessListItem: (list: BlockAccessList) => EncodedRlp = rememberedBy(
  (list) => new EncodedRlp(accountItems(list)),
);

function accountItems(list: BlockAccessList): RlpItem {
  const disorder = findDisorder(list);
  assert(disorder === null, `a block access list is sorted and unique, but ${disorder}`);
  return list.map((account) => [
    writeAddress(account.address),
    account.storageChanges.map(({ slot, changes }) => [
      writeU256(slot),
      changes.map(({ index, value }) => [accessIndex(index), writeU256(value)]),
    ]),
    account.storageReads.map(writeU256),
    account.balanceChanges.map(({ index, balance }) => [accessIndex(index), writeU256(balance)]),
    account.nonceChanges.map(({ index, nonce }) => [accessIndex(index), writeU64(nonce)]),
    account.codeChanges.map(({ index, code }) => [accessIndex(index), code]),
  ]);
}

function accessIndex(index: number): Uint8Array {
  return writeIndex(index, MAX_ACCESS_INDEX);
}

export function readAccessList(item: RlpItem): BlockAccessList {
  const list = itemsOf(SUBJECT, item).map(readAccount);
  const disorder = findDisorder(list);
  if (disorder !== null) throw new InvalidEncodingError(SUBJECT, disorder);
  return list;
}

function readAccount(item: RlpItem): AccountAccess {
  const reader = fieldsOf(SUBJECT, item, 6);
  return {
    address: reader.address('address'),
    storageChanges: reader.list('storageChanges', ANY_NUMBER).map(readStorageChange),
    storageReads: reader.values('storageReads', ANY_NUMBER, (slots) => slots.u256('slot')),
    balanceChanges: reader.list('balanceChanges', ANY_NUMBER).map((change) => {
      const pair = fieldsOf(SUBJECT, change, 2);
      return { index: readIndex(pair), balance: pair.u256('balance') };
    }),
    nonceChanges: reader.list('nonceChanges', ANY_NUMBER).map((change) => {
      const pair = fieldsOf(SUBJECT, change, 2);
      return { index: readIndex(pair), nonce: pair.u64('nonce') };
    }),
    codeChanges: reader.list('codeChanges', ANY_NUMBER).map((change) => {
      const pair = fieldsOf(SUBJECT, change, 2);
      return { index: readIndex(pair), code: pair.bytes('code') };
    }),
  };
}

function readStorageChange(item: RlpItem): StorageChange {
  const reader = fieldsOf(SUBJECT, item, 2);
  const slot = reader.u256('slot');
  const changes = reader.list('changes', ANY_NUMBER).map((change) => {
    const pair = fieldsOf(SUBJECT, change, 2);
    return { index: readIndex(pair), value: pair.u256('value') };
  });
  return { slot, changes };
}

function readIndex(reader: FieldReader): number {
  return reader.index('index', MAX_ACCESS_INDEX);
}

/** What breaks the canonical order, or null. */
function findDisorder(list: BlockAccessList): string | null {
  if (!isAscending(list.map((account) => account.address))) return 'addresses are not strictly ascending';
  for (const account of list) {
    const reason = findAccountDisorder(account);
    if (reason !== null) return `${account.address}: ${reason}`;
  }
  return null;
}

function findAccountDisorder(account: AccountAccess): string | null {
  const changed = account.storageChanges.map((change) => change.slot);
  if (!isAscending(changed)) return 'changed slots are not strictly ascending';
  if (!isAscending(account.storageReads)) return 'read slots are not strictly ascending';
  const reads = new Set(account.storageReads);
  if (changed.some((slot) => reads.has(slot))) return 'a changed slot is listed as read';
  if (account.storageChanges.some(({ changes }) => changes.length === 0)) return 'a changed slot has no change';
  const changeLists = [
    ...account.storageChanges.map(({ changes }) => changes),
    account.balanceChanges,
    account.nonceChanges,
    account.codeChanges,
  ];
  const isOrdered = changeLists.every((changes) => isAscending(changes.map(({ index }) => index)));
  return isOrdered ? null : 'indices are not strictly ascending';
}

/** Strictly. Addresses are lower-case hex of one length, so comparing text compares bytes. */
function isAscending(values: readonly string[] | readonly bigint[] | readonly number[]): boolean {
  for (let i = 1; i < values.length; i++) {
    const previous = values[i - 1];
    const current = values[i];
    if (previous === undefined || current === undefined || previous >= current) return false;
  }
  return true;
}
