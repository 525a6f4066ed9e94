import {
  bigintToBytes,
  bytesToHex,
  decodeRlp,
  decodeUint,
  encodeRlp,
  encodeUint,
  hexToBytes,
  keccak256,
} from '@heddle/primitives';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { InvalidTrieNodeError } from './errors.ts';
import type { Account } from './reader.ts';

/** Where an account lies in the secure trie: keccak256(address). */
export function accountKey(address: Address): Uint8Array {
  return keccak256(hexToBytes(address));
}

/** Where a slot lies in its account's storage trie: keccak256 of the slot as 32 bytes. */
export function slotKey(slot: bigint): Uint8Array {
  return keccak256(bigintToBytes(slot, 32));
}

function quantity(bytes: Uint8Array): bigint {
  const value = decodeUint(bytes);
  if (value === null) throw new InvalidTrieNodeError('a quantity has a leading zero');
  return value;
}

/** The two hashes of almost every account, ready as bytes. */
const EMPTY_ROOT_BYTES = hexToBytes(EMPTY_TRIE_ROOT);
const EMPTY_CODE_BYTES = hexToBytes(EMPTY_CODE_HASH);

/** rlp([nonce, balance, storageRoot, codeHash]), the leaf value of the account trie. */
export function encodeAccount(account: Account): Uint8Array {
  const { nonce, balance, storageRoot, codeHash } = account;
  return encodeRlp([
    encodeUint(nonce),
    encodeUint(balance),
    storageRoot === EMPTY_TRIE_ROOT ? EMPTY_ROOT_BYTES : hexToBytes(storageRoot),
    codeHash === EMPTY_CODE_HASH ? EMPTY_CODE_BYTES : hexToBytes(codeHash),
  ]);
}

/** Reverses `encodeAccount`. Throws `InvalidTrieNodeError` for another shape, `InvalidRlpError` for what is not RLP. */
export function decodeAccount(rlp: Uint8Array): Account {
  const item = decodeRlp(rlp);
  if (item instanceof Uint8Array || item.length !== 4) throw new InvalidTrieNodeError('an account has four fields');
  const [nonce, balance, storageRoot, codeHash] = item;
  if (
    !(nonce instanceof Uint8Array && balance instanceof Uint8Array) ||
    !(storageRoot instanceof Uint8Array && codeHash instanceof Uint8Array) ||
    storageRoot.length !== 32 ||
    codeHash.length !== 32
  ) {
    throw new InvalidTrieNodeError('an account field has the wrong shape');
  }
  return {
    nonce: quantity(nonce),
    balance: quantity(balance),
    storageRoot: bytesToHex(storageRoot),
    codeHash: bytesToHex(codeHash),
  };
}

/** rlp of a slot's value without leading zeros, the leaf value of a storage trie. */
export function encodeSlotValue(value: bigint): Uint8Array {
  return encodeRlp(encodeUint(value));
}

/** Reverses `encodeSlotValue`. Throws `InvalidTrieNodeError`, `InvalidRlpError`. */
export function decodeSlotValue(rlp: Uint8Array): bigint {
  const item = decodeRlp(rlp);
  if (!(item instanceof Uint8Array) || item.length > 32)
    throw new InvalidTrieNodeError('a slot holds at most 32 bytes');
  return quantity(item);
}
