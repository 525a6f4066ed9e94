import { bigintToBytes, concatBytes, hexToBytes, keccak256, unreachable, utf8ToBytes } from '@heddle/primitives';
import { BadValueError } from '../errors.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { MAX_TYPED_DATA_DEPTH } from '../limits.ts';
import { describeType, parseAt } from '../parse/bad-value.ts';
import { parseAddress, parseBytes } from '../parse/hex.ts';
import { parseBoolean, parseString } from '../parse/scalars.ts';
import { encodeType } from './encode-type.ts';
import type { TypedSchema } from './schema.ts';
import { shapeOf } from './schema.ts';

const ZERO_WORD: Uint8Array = new Uint8Array(32);

/** EIP-712 hashStruct: keccak256(typeHash ‖ encodeData). Throws BadValueError naming the member that is wrong. */
export function hashStruct(schema: TypedSchema, name: string, value: unknown): Uint8Array {
  return new StructHasher(schema).hash(name, value, 0);
}

/** Keeps the type hashes: an array of a thousand structs needs one. */
class StructHasher {
  readonly #schema: TypedSchema;
  readonly #typeHashes = new Map<string, Uint8Array>();

  constructor(schema: TypedSchema) {
    this.#schema = schema;
  }

  hash(name: string, value: unknown, depth: number): Uint8Array {
    if (!isUncheckedObject(value))
      throw new BadValueError(`want an object of type ${name}, got ${describeType(value)}`);
    if (depth > MAX_TYPED_DATA_DEPTH) throw new BadValueError(`nested deeper than ${MAX_TYPED_DATA_DEPTH} levels`);
    const words = (this.#schema.get(name) ?? []).map((field) =>
      parseAt(field.name, ownMember(value, field.name), (member) => this.#encode(field.type, member, depth + 1)),
    );
    return keccak256(concatBytes(this.#typeHash(name), ...words));
  }

  /** The member's word: the value itself, or the hash of what is longer. */
  #encode(type: string, value: unknown, depth: number): Uint8Array {
    const shape = shapeOf(this.#schema, type);
    switch (shape.kind) {
      case 'array':
        return this.#encodeArray(shape.element, shape.length, value, depth);
      case 'struct':
        // A recursive struct ends with one that is not there (version 4 of eth_signTypedData).
        return value === undefined || value === null ? ZERO_WORD : this.hash(type, value, depth);
      case 'integer':
        return encodeInteger(value, shape.bits, shape.signed);
      case 'fixedBytes':
        return encodeFixedBytes(value, shape.length);
      case 'bytes':
        return keccak256(parseBytes(value));
      case 'string':
        return keccak256(utf8ToBytes(parseString(value)));
      case 'address':
        return leftPadded(hexToBytes(parseAddress(value)));
      case 'bool':
        return bigintToBytes(parseBoolean(value) ? 1n : 0n, 32);
      case 'unknown':
        throw new BadValueError(`unknown type ${type.slice(0, 80)}`);
      default:
        return unreachable(shape, 'type shape');
    }
  }

  #encodeArray(element: string, length: number | null, value: unknown, depth: number): Uint8Array {
    if (!Array.isArray(value)) throw new BadValueError(`want an array, got ${describeType(value)}`);
    if (depth > MAX_TYPED_DATA_DEPTH) throw new BadValueError(`nested deeper than ${MAX_TYPED_DATA_DEPTH} levels`);
    if (length !== null && value.length !== length) {
      throw new BadValueError(`want ${length} items, got ${value.length}`);
    }
    const words = value.map((item, index) =>
      parseAt(`[${index}]`, item, (member) => this.#encode(element, member, depth + 1)),
    );
    return keccak256(concatBytes(...words));
  }

  #typeHash(name: string): Uint8Array {
    const known = this.#typeHashes.get(name);
    if (known !== undefined) return known;
    const hash = keccak256(utf8ToBytes(encodeType(this.#schema, name)));
    this.#typeHashes.set(name, hash);
    return hash;
  }
}

/** Two's complement in 32 bytes. */
function encodeInteger(value: unknown, bits: number, signed: boolean): Uint8Array {
  const number = parseInteger(value);
  const limit = 2n ** BigInt(signed ? bits - 1 : bits);
  if (number >= limit || number < (signed ? -limit : 0n)) {
    throw new BadValueError(`${number} does not fit ${signed ? 'int' : 'uint'}${bits}`);
  }
  return bigintToBytes(BigInt.asUintN(256, number), 32);
}

/** A number, or a string in decimal or hex. */
function parseInteger(value: unknown): bigint {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new BadValueError('want a whole number; send those above 2^53 as strings');
    return BigInt(value);
  }
  if (typeof value === 'string' && /^(-?\d{1,78}|0x[0-9a-f]{1,64})$/i.test(value)) return BigInt(value);
  throw new BadValueError(`want an integer, got ${typeof value === 'string' ? 'another string' : describeType(value)}`);
}

function encodeFixedBytes(value: unknown, length: number): Uint8Array {
  const bytes = parseBytes(value);
  if (bytes.length !== length) throw new BadValueError(`want ${length} bytes, got ${bytes.length}`);
  return concatBytes(bytes, new Uint8Array(32 - length));
}

function leftPadded(bytes: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(32 - bytes.length), bytes);
}
