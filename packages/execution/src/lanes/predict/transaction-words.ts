import { bigintToBytes, bytesToBigint, bytesToHex, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address, RecoveredTransaction } from '@heddle/types';
import { createAddress } from '../../evm/creates.ts';
import { TEMPLATE_CALL_DATA_WORDS } from '../../limits.ts';
import type { AccountTerm, SlotTerm } from './term.ts';

const WORD_BYTES = 32;
const ADDRESS_START = 12;
const SELECTOR_BYTES = 4;

/** Scratch of single hashes: what goes in is complete before it is written here. */
const pair = new Uint8Array(2 * WORD_BYTES);

/** One transaction as templates see it: what their terms stand for. */
export class TransactionWords {
  readonly sender: Address;
  readonly target: Address;
  readonly #data: Uint8Array;
  #senderWord: Uint8Array | null = null;
  #targetWord: Uint8Array | null = null;

  constructor({ sender, fields }: RecoveredTransaction) {
    this.sender = sender;
    this.target = fields.to ?? createAddress(sender, fields.nonce);
    this.#data = fields.data;
  }

  /** Null when this transaction has no such thing: its call data is shorter, or the word is not an address. */
  address(term: AccountTerm): Address | null {
    switch (term.kind) {
      case 'address':
        return term.address;
      case 'sender':
        return this.sender;
      case 'target':
        return this.target;
      case 'word':
        return this.#wordAsAddress(term.index);
    }
  }

  /** Null when this transaction has no such thing: its call data is shorter. */
  slot(term: SlotTerm): bigint | null {
    if (term.kind === 'constant') return term.value;
    const bytes = term.kind === 'hash' ? this.#hash(term.first, term.second) : this.#word(term);
    if (bytes === null) return null;
    const value = bytesToBigint(bytes);
    return term.kind === 'hash' && term.offset !== 0n ? BigInt.asUintN(256, value + term.offset) : value;
  }

  /** The call data's word, or null beyond its last whole one. */
  callDataWord(index: number): Uint8Array | null {
    const start = SELECTOR_BYTES + WORD_BYTES * index;
    return index < TEMPLATE_CALL_DATA_WORDS && start + WORD_BYTES <= this.#data.length
      ? this.#data.subarray(start, start + WORD_BYTES)
      : null;
  }

  #wordAsAddress(index: number): Address | null {
    const word = this.callDataWord(index);
    if (word === null) return null;
    for (let i = 0; i < ADDRESS_START; i++) if (word[i] !== 0) return null;
    return bytesToHex(word.subarray(ADDRESS_START));
  }

  #word(term: SlotTerm): Uint8Array | null {
    switch (term.kind) {
      case 'constant':
        return bigintToBytes(term.value, WORD_BYTES);
      case 'sender':
        this.#senderWord ??= addressWord(this.sender);
        return this.#senderWord;
      case 'target':
        this.#targetWord ??= addressWord(this.target);
        return this.#targetWord;
      case 'word':
        return this.callDataWord(term.index);
      case 'hash': {
        if (term.offset === 0n) return this.#hash(term.first, term.second);
        const value = this.slot(term);
        return value === null ? null : bigintToBytes(value, WORD_BYTES);
      }
    }
  }

  #hash(first: SlotTerm, second: SlotTerm): Uint8Array | null {
    const firstWord = this.#word(first);
    const secondWord = this.#word(second);
    if (firstWord === null || secondWord === null) return null;
    pair.set(firstWord);
    pair.set(secondWord, WORD_BYTES);
    return keccak256(pair);
  }
}

function addressWord(address: Address): Uint8Array {
  const word = new Uint8Array(WORD_BYTES);
  word.set(hexToBytes(address), ADDRESS_START);
  return word;
}
