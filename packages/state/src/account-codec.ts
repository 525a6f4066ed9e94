import {
  bigintToBytes,
  bytesToHex,
  decodeItem,
  encodeRlp,
  encodeUint,
  equalBytes,
  FieldReader,
  HASH_BYTES,
  hexToBytes,
  keccak256,
  type Refusal,
} from '@heddle/primitives';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { InvalidTrieNodeError } from './errors.ts';
import type { Account } from './reader.ts';
import type { Arena } from './trie/arena.ts';

/** Where an account lies in the secure trie: keccak256(address). */
export function accountKey(address: Address): Uint8Array {
  return keccak256(hexToBytes(address));
}

/** Where a slot lies in its account's storage trie: keccak256 of the slot as 32 bytes. */
export function slotKey(slot: bigint): Uint8Array {
  return keccak256(bigintToBytes(slot, 32));
}

const refusal: Refusal = (subject, reason) => new InvalidTrieNodeError(`${subject}: ${reason}`);

/** The two hashes of almost every account, ready as bytes. */
const EMPTY_ROOT_BYTES = hexToBytes(EMPTY_TRIE_ROOT);
const EMPTY_CODE_BYTES = hexToBytes(EMPTY_CODE_HASH);

/** Bytes of a header before a list of at most 110 bytes, two hashes with their headers, and a quantity below 2^256. */
const LIST_HEADER_BYTES = 2;
const HASHES_BYTES = 66;

function quantityBytes(bytes: Uint8Array): number {
  return bytes.length === 1 && (bytes[0] ?? 0) < 0x80 ? 1 : 1 + bytes.length;
}

function writeQuantity(out: Uint8Array, at: number, bytes: Uint8Array): number {
  let end = at;
  if (quantityBytes(bytes) > bytes.length) out[end++] = 0x80 + bytes.length;
  for (let i = 0; i < bytes.length; i++) out[end++] = bytes[i] ?? 0;
  return end;
}

/** rlp([nonce, balance, storageRoot, codeHash]), the leaf value of the account trie; in `arena` if there is one. */
export function encodeAccount(account: Account, arena: Arena | null = null): Uint8Array {
  const nonce = encodeUint(account.nonce);
  const balance = encodeUint(account.balance);
  const payload = quantityBytes(nonce) + quantityBytes(balance) + HASHES_BYTES;
  const length = LIST_HEADER_BYTES + payload;
  const out = arena === null ? new Uint8Array(length) : arena.take(length);
  out[0] = 0xf8;
  out[1] = payload;
  const at = writeQuantity(out, writeQuantity(out, LIST_HEADER_BYTES, nonce), balance);
  out[at] = 0xa0;
  out.set(account.storageRoot === EMPTY_TRIE_ROOT ? EMPTY_ROOT_BYTES : hexToBytes(account.storageRoot), at + 1);
  out[at + 33] = 0xa0;
  out.set(account.codeHash === EMPTY_CODE_HASH ? EMPTY_CODE_BYTES : hexToBytes(account.codeHash), at + 34);
  return out;
}

/** Reverses `encodeAccount`. Throws `InvalidTrieNodeError`. */
export function decodeAccount(rlp: Uint8Array): Account {
  const reader = new FieldReader(refusal, 'account', decodeItem(refusal, 'account', rlp), 4);
  const nonce = reader.u64('nonce');
  const balance = reader.u256('balance');
  const storageRoot = reader.fixed('storageRoot', HASH_BYTES);
  const codeHash = reader.fixed('codeHash', HASH_BYTES);
  return {
    nonce,
    balance,
    // One text for all the accounts without storage or code: a cache of them takes half the memory.
    storageRoot: equalBytes(storageRoot, EMPTY_ROOT_BYTES) ? EMPTY_TRIE_ROOT : bytesToHex(storageRoot),
    codeHash: equalBytes(codeHash, EMPTY_CODE_BYTES) ? EMPTY_CODE_HASH : bytesToHex(codeHash),
  };
}

/** rlp of a slot's value without leading zeros, the leaf value of a storage trie. */
export function encodeSlotValue(value: bigint): Uint8Array {
  return encodeRlp(encodeUint(value));
}

/** Reverses `encodeSlotValue`. Throws `InvalidTrieNodeError`. */
export function decodeSlotValue(rlp: Uint8Array): bigint {
  return new FieldReader(refusal, 'slot', [decodeItem(refusal, 'slot', rlp)], 1).u256('value');
}
