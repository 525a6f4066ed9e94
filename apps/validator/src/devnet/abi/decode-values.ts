import { bytesToBigint, bytesToHex, type Hex } from '@heddle/primitives';
import { AbiDataError } from '../../errors.ts';
import { MAX_ABI_VALUES } from '../../limits.ts';
import type { AbiField, AbiType } from './abi-type.ts';

/** A decoded value. Bytes are views into the data. */
export type AbiValue =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Lower case, 20 bytes. */
  | { readonly kind: 'address'; readonly value: Hex }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  /** UTF-8, unchecked. */
  | { readonly kind: 'text'; readonly value: Uint8Array }
  | { readonly kind: 'list'; readonly items: readonly AbiValue[] }
  | { readonly kind: 'tuple'; readonly fields: readonly NamedValue[] };

export interface NamedValue {
  readonly name: string;
  readonly value: AbiValue;
}

const WORD_BYTES = 32;

/**
 * The values of the fields in `data`, as Solidity's decoder reads them; what follows them is left alone. Null when the
 * data is no encoding of them, or has more than MAX_ABI_VALUES.
 */
export function decodeValues(fields: readonly AbiField[], data: Uint8Array): readonly NamedValue[] | null {
  try {
    return new AbiReader(data).fields(fields, 0);
  } catch (error) {
    if (error instanceof AbiDataError) return null;
    throw error;
  }
}

/** Words in the data's head, of a type of fixed size; null for one whose head is an offset. */
function headWords(type: AbiType): number | null {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return null;
    case 'list': {
      const words = headWords(type.item);
      return type.length === null || words === null ? null : type.length * words;
    }
    case 'tuple': {
      const words = type.fields.map((field) => headWords(field.type));
      return words.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0);
    }
    default:
      return 1;
  }
}

/** Reads within the data only, and no more values than MAX_ABI_VALUES: offsets may point to the same place many times. */
class AbiReader {
  readonly #data: Uint8Array;
  #valuesLeft: number = MAX_ABI_VALUES;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Offsets count from `base`, where the first head is. */
  fields(fields: readonly AbiField[], base: number): readonly NamedValue[] {
    let head = base;
    return fields.map(({ name, type }) => {
      const value = this.#member(type, head, base);
      head += (headWords(type) ?? 1) * WORD_BYTES;
      return { name, value };
    });
  }

  #items(item: AbiType, count: number, base: number): readonly AbiValue[] {
    // Before any is made: a length is only a number that somebody wrote.
    if (count > this.#valuesLeft) throw new AbiDataError('it has too many values');
    const size = (headWords(item) ?? 1) * WORD_BYTES;
    return Array.from({ length: count }, (_, index) => this.#member(item, base + index * size, base));
  }

  #member(type: AbiType, head: number, base: number): AbiValue {
    if (this.#valuesLeft-- === 0) throw new AbiDataError('it has too many values');
    return this.#value(type, headWords(type) === null ? base + this.#size(head) : head);
  }

  #value(type: AbiType, at: number): AbiValue {
    switch (type.kind) {
      case 'uint':
      case 'int':
        return { kind: 'number', value: integerOf(type.kind, type.bits, bytesToBigint(this.#word(at))) };
      case 'bool':
        return { kind: 'bool', value: unsigned(1, bytesToBigint(this.#word(at))) === 1n };
      case 'address':
        unsigned(160, bytesToBigint(this.#word(at)));
        return { kind: 'address', value: bytesToHex(this.#word(at).subarray(12)) };
      case 'fixedBytes':
        return { kind: 'bytes', value: leftAligned(this.#word(at), type.size) };
      case 'bytes':
        return { kind: 'bytes', value: this.#slice(at + WORD_BYTES, this.#size(at)) };
      case 'string':
        return { kind: 'text', value: this.#slice(at + WORD_BYTES, this.#size(at)) };
      case 'list':
        return type.length === null
          ? { kind: 'list', items: this.#items(type.item, this.#size(at), at + WORD_BYTES) }
          : { kind: 'list', items: this.#items(type.item, type.length, at) };
      case 'tuple':
        return { kind: 'tuple', fields: this.fields(type.fields, at) };
    }
  }

  #word(at: number): Uint8Array {
    return this.#slice(at, WORD_BYTES);
  }

  /** An offset or length: never more than there is data. */
  #size(at: number): number {
    const size = bytesToBigint(this.#word(at));
    if (size > BigInt(this.#data.length)) throw new AbiDataError('it points out of itself');
    return Number(size);
  }

  #slice(at: number, length: number): Uint8Array {
    if (at + length > this.#data.length) throw new AbiDataError('it ends too early');
    return this.#data.subarray(at, at + length);
  }
}

function integerOf(kind: 'uint' | 'int', bits: number, word: bigint): bigint {
  if (kind === 'uint') return unsigned(bits, word);
  const value = BigInt.asIntN(256, word);
  if (BigInt.asIntN(bits, value) !== value) throw new AbiDataError(`a word is no int${bits}`);
  return value;
}

function unsigned(bits: number, word: bigint): bigint {
  if (word >> BigInt(bits) !== 0n) throw new AbiDataError(`a word is longer than ${bits} bits`);
  return word;
}

function leftAligned(word: Uint8Array, size: number): Uint8Array {
  if (word.subarray(size).some((byte) => byte !== 0)) throw new AbiDataError(`a word is longer than ${size} bytes`);
  return word.subarray(0, size);
}
