import { MAX_U64 } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { MAX_PROBES } from './snapshot-limits.ts';

/** How many of each the tables hold, or have room for. */
export interface TablesShape {
  readonly accounts: number;
  readonly slots: number;
  /** Changes of balances, nonces, codes and slots together. */
  readonly changes: number;
  /** Access-list indices: the highest one and 1. */
  readonly indices: number;
  /** Which of the hash functions places the keys. */
  readonly seed: number;
}

/** No record, no change. */
export const NONE = -1;

/* Everything lies in one buffer, as 32-bit words. Words of 256 bits are four 64-bit ones, the lowest first. */

/** address (5), flags, code, first change of balance, of nonce, of code, the change after the last, -, nonce (2), balance (8). */
const ACCOUNT_WORDS = 22;
const ACCOUNT_FLAGS = 5;
const ACCOUNT_CODE = 6;
const ACCOUNT_CHANGES = 7;
const ACCOUNT_NONCE = 12;
const ACCOUNT_BALANCE = 14;
const ADDRESS_WORDS = 5;

/** account, flags, first change, the change after the last, slot (8), value (8). */
const SLOT_WORDS = 20;
const SLOT_FLAGS = 1;
const SLOT_CHANGES = 2;
const SLOT_KEY = 4;
const SLOT_VALUE = 12;
const KEY_WORDS = 8;

/** index, -, value (8). A nonce is a value, and so is the number of a code. */
const CHANGE_WORDS = 10;
const CHANGE_VALUE = 2;

/** The account is in the parent state. */
export const EXISTS = 1;
/** Its storage there is not empty. */
export const HAS_STORAGE = 2;
/** The account or slot is in the access list. */
export const DECLARED = 4;

/** Kinds of an account's changes, in the order in which they are stored. */
export const BALANCE = 0;
export const NONCE = 1;
export const CODE = 2;
export type ChangeKind = typeof BALANCE | typeof NONCE | typeof CODE;

/** Bytes of the buffer that `shape` needs. */
export function tablesBytes(shape: TablesShape): number {
  const records = shape.accounts * ACCOUNT_WORDS + shape.slots * SLOT_WORDS + shape.changes * CHANGE_WORDS;
  return 4 * (records + placesFor(shape.accounts) + placesFor(shape.slots) + shape.indices);
}

/** A power of two that leaves a hash table at least half empty. */
function placesFor(count: number): number {
  let places = 2;
  while (places < 2 * count) places *= 2;
  return places;
}

/**
 * Accounts, slots and changes as fixed records in one buffer, each with a number from 0, found by open addressing. Reads
 * are safe in several threads as long as nobody adds; each thread has its own instance over the same buffer.
 */
export class SnapshotTables {
  readonly #ints: Uint32Array;
  readonly #words: BigUint64Array;
  readonly #slotsAt: number;
  readonly #changesAt: number;
  readonly #accountPlacesAt: number;
  readonly #slotPlacesAt: number;
  readonly #countsAt: number;
  readonly #accountMask: number;
  readonly #slotMask: number;
  readonly #indices: number;
  readonly #seed: number;
  /** The key that is being looked for. */
  readonly #key: BigUint64Array = new BigUint64Array(KEY_WORDS / 2);
  readonly #keyInts: Uint32Array = new Uint32Array(this.#key.buffer);
  /** Slots of one account are read one after the other. */
  #lastAddress: Address | null = null;
  #lastAccount: number = NONE;
  #accountCount = 0;
  #slotCount = 0;
  #changeCount = 0;

  constructor(buffer: ArrayBufferLike, shape: TablesShape) {
    this.#ints = new Uint32Array(buffer);
    this.#words = new BigUint64Array(buffer, 0, buffer.byteLength >> 3);
    this.#slotsAt = shape.accounts * ACCOUNT_WORDS;
    this.#changesAt = this.#slotsAt + shape.slots * SLOT_WORDS;
    this.#accountPlacesAt = this.#changesAt + shape.changes * CHANGE_WORDS;
    this.#slotPlacesAt = this.#accountPlacesAt + placesFor(shape.accounts);
    this.#countsAt = this.#slotPlacesAt + placesFor(shape.slots);
    this.#accountMask = placesFor(shape.accounts) - 1;
    this.#slotMask = placesFor(shape.slots) - 1;
    this.#indices = shape.indices;
    this.#seed = shape.seed;
  }

  /** The account's number, or `NONE`. */
  findAccount(address: Address): number {
    if (address === this.#lastAddress) return this.#lastAccount;
    const place = this.#placeOfAccount(address);
    const account = place === NONE ? NONE : (this.#ints[place] ?? 0) - 1;
    this.#lastAddress = address;
    this.#lastAccount = account;
    return account;
  }

  /** The number of the account's slot, or `NONE`. */
  findSlot(account: number, slot: bigint): number {
    const place = this.#placeOfSlot(account, slot);
    return place === NONE ? NONE : (this.#ints[place] ?? 0) - 1;
  }

  /** The number of the account, new if there was none; `NONE` when its place in the hash table is too crowded. */
  addAccount(address: Address): number {
    const place = this.#placeOfAccount(address);
    if (place === NONE) return NONE;
    const known = this.#ints[place] ?? 0;
    if (known !== 0) return known - 1;
    const account = this.#accountCount++;
    this.#lastAddress = null;
    this.#ints[place] = account + 1;
    const at = account * ACCOUNT_WORDS;
    for (let i = 0; i < ADDRESS_WORDS; i++) this.#ints[at + i] = this.#keyInts[i] ?? 0;
    return account;
  }

  /** The same for a slot of an account. */
  addSlot(account: number, slot: bigint): number {
    const place = this.#placeOfSlot(account, slot);
    if (place === NONE) return NONE;
    const known = this.#ints[place] ?? 0;
    if (known !== 0) return known - 1;
    const number = this.#slotCount++;
    this.#ints[place] = number + 1;
    const at = this.#slotsAt + number * SLOT_WORDS;
    this.#ints[at] = account;
    for (let i = 0; i < KEY_WORDS; i++) this.#ints[at + SLOT_KEY + i] = this.#keyInts[i] ?? 0;
    return number;
  }

  get accountCount(): number {
    return this.#accountCount;
  }

  get slotCount(): number {
    return this.#slotCount;
  }

  /** Values in the parent state. `code` is the number of the account's code. */
  setAccount(account: number, flags: number, code: number, nonce: bigint, balance: bigint): void {
    const at = account * ACCOUNT_WORDS;
    this.#ints[at + ACCOUNT_FLAGS] = flags;
    this.#ints[at + ACCOUNT_CODE] = code;
    this.#words[(at + ACCOUNT_NONCE) / 2] = nonce;
    this.#writeWord(at + ACCOUNT_BALANCE, balance);
  }

  setSlot(slot: number, flags: number, value: bigint): void {
    const at = this.#slotsAt + slot * SLOT_WORDS;
    this.#ints[at + SLOT_FLAGS] = flags;
    this.#writeWord(at + SLOT_VALUE, value);
  }

  /** The changes that are added from here on are the account's of this kind; kinds come in their order. */
  beginAccountChanges(account: number, kind: ChangeKind): void {
    const at = account * ACCOUNT_WORDS + ACCOUNT_CHANGES;
    for (let i: number = kind; i <= CODE + 1; i++) this.#ints[at + i] = this.#changeCount;
  }

  endAccountChanges(account: number): void {
    this.#ints[account * ACCOUNT_WORDS + ACCOUNT_CHANGES + CODE + 1] = this.#changeCount;
  }

  beginSlotChanges(slot: number): void {
    this.#ints[this.#slotsAt + slot * SLOT_WORDS + SLOT_CHANGES] = this.#changeCount;
  }

  endSlotChanges(slot: number): void {
    this.#ints[this.#slotsAt + slot * SLOT_WORDS + SLOT_CHANGES + 1] = this.#changeCount;
  }

  addChange(index: number, value: bigint): void {
    const at = this.#changesAt + this.#changeCount++ * CHANGE_WORDS;
    this.#ints[at] = index;
    this.#writeWord(at + CHANGE_VALUE, value);
    this.#ints[this.#countsAt + index] = (this.#ints[this.#countsAt + index] ?? 0) + 1;
  }

  accountFlags(account: number): number {
    return this.#ints[account * ACCOUNT_WORDS + ACCOUNT_FLAGS] ?? 0;
  }

  slotFlags(slot: number): number {
    return this.#ints[this.#slotsAt + slot * SLOT_WORDS + SLOT_FLAGS] ?? 0;
  }

  /** The parent's. */
  accountCode(account: number): number {
    return this.#ints[account * ACCOUNT_WORDS + ACCOUNT_CODE] ?? 0;
  }

  accountNonce(account: number): bigint {
    return this.#readU64(account * ACCOUNT_WORDS + ACCOUNT_NONCE);
  }

  accountBalance(account: number): bigint {
    return this.#readWord(account * ACCOUNT_WORDS + ACCOUNT_BALANCE);
  }

  slotValue(slot: number): bigint {
    return this.#readWord(this.#slotsAt + slot * SLOT_WORDS + SLOT_VALUE);
  }

  /** The account's last change of this kind before `index`, or `NONE`. */
  lastAccountChange(account: number, kind: ChangeKind, index: number): number {
    const at = account * ACCOUNT_WORDS + ACCOUNT_CHANGES + kind;
    return this.#lastBefore(this.#ints[at] ?? 0, this.#ints[at + 1] ?? 0, index);
  }

  /** The account's change of this kind at `index`, or `NONE`. */
  accountChangeAt(account: number, kind: ChangeKind, index: number): number {
    return this.#at(this.lastAccountChange(account, kind, index + 1), index);
  }

  lastSlotChange(slot: number, index: number): number {
    const at = this.#slotsAt + slot * SLOT_WORDS + SLOT_CHANGES;
    return this.#lastBefore(this.#ints[at] ?? 0, this.#ints[at + 1] ?? 0, index);
  }

  slotChangeAt(slot: number, index: number): number {
    return this.#at(this.lastSlotChange(slot, index + 1), index);
  }

  changeValue(change: number): bigint {
    return this.#readWord(this.#changesAt + change * CHANGE_WORDS + CHANGE_VALUE);
  }

  /** Changes of the whole list at `index`. */
  changesAt(index: number): number {
    return index < this.#indices ? (this.#ints[this.#countsAt + index] ?? 0) : 0;
  }

  /** For messages. */
  accountAddress(account: number): Address {
    const at = account * ACCOUNT_WORDS;
    let digits = '';
    for (let i = 0; i < ADDRESS_WORDS; i++) digits += (this.#ints[at + i] ?? 0).toString(16).padStart(8, '0');
    return `0x${digits}`;
  }

  /** For messages. */
  slotKey(slot: number): { readonly account: number; readonly slot: bigint } {
    const at = this.#slotsAt + slot * SLOT_WORDS;
    return { account: this.#ints[at] ?? 0, slot: this.#readWord(at + SLOT_KEY) };
  }

  #at(change: number, index: number): number {
    if (change === NONE) return NONE;
    return this.#ints[this.#changesAt + change * CHANGE_WORDS] === index ? change : NONE;
  }

  /** The last change in `first … end − 1` with an index below `index`. */
  #lastBefore(first: number, end: number, index: number): number {
    let low = first;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ints[this.#changesAt + middle * CHANGE_WORDS] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low === first ? NONE : low - 1;
  }

  /** Where the account's number stands in the hash table, or where it would be put: that place holds 0. */
  #placeOfAccount(address: Address): number {
    const key = this.#keyInts;
    const ints = this.#ints;
    let hash = this.#seed;
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      const word = hexWord(address, 2 + 8 * i);
      key[i] = word;
      hash = mix(hash, word);
    }
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = this.#accountPlacesAt + ((hash + probe) & this.#accountMask);
      const account = ints[place] ?? 0;
      if (account === 0) return place;
      if (isSame(ints, (account - 1) * ACCOUNT_WORDS, key, ADDRESS_WORDS)) return place;
    }
    return NONE;
  }

  #placeOfSlot(account: number, slot: bigint): number {
    const key = this.#keyInts;
    const ints = this.#ints;
    writeKey(this.#key, slot);
    let hash = mix(this.#seed, account);
    for (let i = 0; i < KEY_WORDS; i++) hash = mix(hash, key[i] ?? 0);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = this.#slotPlacesAt + ((hash + probe) & this.#slotMask);
      const number = ints[place] ?? 0;
      if (number === 0) return place;
      const at = this.#slotsAt + (number - 1) * SLOT_WORDS;
      if (ints[at] === account && isSame(ints, at + SLOT_KEY, key, KEY_WORDS)) return place;
    }
    return NONE;
  }

  #readU64(at: number): bigint {
    const ints = this.#ints;
    return ints[at + 1] === 0 ? BigInt(ints[at] ?? 0) : (this.#words[at / 2] ?? 0n);
  }

  /** Most words are short. */
  #readWord(at: number): bigint {
    const ints = this.#ints;
    const isLong = ((ints[at + 4] ?? 0) | (ints[at + 5] ?? 0) | (ints[at + 6] ?? 0) | (ints[at + 7] ?? 0)) !== 0;
    const words = this.#words;
    const word = at / 2;
    if (isLong) {
      const high = ((words[word + 3] ?? 0n) << 64n) | (words[word + 2] ?? 0n);
      return (high << 128n) | ((words[word + 1] ?? 0n) << 64n) | (words[word] ?? 0n);
    }
    if (((ints[at + 2] ?? 0) | (ints[at + 3] ?? 0)) === 0) return this.#readU64(at);
    return ((words[word + 1] ?? 0n) << 64n) | (words[word] ?? 0n);
  }

  /** Into words that are 0. */
  #writeWord(at: number, value: bigint): void {
    const word = at / 2;
    let rest = value;
    for (let i = word; rest !== 0n; i++) {
      // Takes the low 64 bits.
      this.#words[i] = rest;
      rest = rest <= MAX_U64 ? 0n : rest >> 64n;
    }
  }
}

/** All four words, the low 64 bits of each. */
function writeKey(key: BigUint64Array, value: bigint): void {
  key[0] = value;
  if (value <= MAX_U64) {
    key[1] = 0n;
    key[2] = 0n;
    key[3] = 0n;
    return;
  }
  const second = value >> 64n;
  key[1] = second;
  const third = second >> 64n;
  key[2] = third;
  key[3] = third >> 64n;
}

function isSame(ints: Uint32Array, at: number, key: Uint32Array, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (ints[at + i] !== key[i]) return false;
  }
  return true;
}

/** Eight lower-case hexadecimal digits from `at`. */
function hexWord(text: string, at: number): number {
  let word = 0;
  for (let i = 0; i < 8; i++) {
    const code = text.charCodeAt(at + i);
    // '0' … '9' end in their value; 'a' … 'f' have bit 6 set and end in 1 … 6.
    word = (word << 4) | ((code & 15) + (code >> 6) * 9);
  }
  return word >>> 0;
}

/** Two multiplications a word, so that how two keys differ does not tell, whatever the seed, whether they collide. */
function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77);
  return mixed ^ (mixed >>> 13);
}
