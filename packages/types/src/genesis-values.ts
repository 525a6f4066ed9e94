import { bytesToHex, HASH_BYTES, hexToBytes, InvalidHexError, nearestName } from '@heddle/primitives';
import { InvalidGenesisError } from './errors.ts';
import type { Address, Hash } from './ids.ts';

const DECIMAL = /^[0-9]+$/;
const HEXADECIMAL = /^0x[0-9a-f]+$/i;
const ADDRESS = /^(?:0x)?[0-9a-f]{40}$/i;

/** A JSON object whose values are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `key` is where the value stands, for the message of InvalidGenesisError, which all of these throw. */
export function readObject(value: unknown, key: string): JsonObject {
  if (!isObject(value)) throw new InvalidGenesisError(key, `an object is expected, not ${describe(value)}`);
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses every key of `object` that is not in `known`, naming the nearest that is. `prefix` ends in a dot or is empty. */
export function refuseUnknownKeys(object: JsonObject, known: readonly string[], prefix: string): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === null ? `known keys: ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new InvalidGenesisError(`${prefix}${name}`, `unknown key; ${hint}`);
  }
}

/** A JSON integer, a decimal string or a 0x string (geth's HexOrDecimal256), in `0 … maximum`. */
export function readQuantity(value: unknown, key: string, maximum: bigint): bigint {
  const quantity = parseQuantity(value, key);
  if (quantity > maximum) throw new InvalidGenesisError(key, `${quantity} is above ${maximum}`);
  return quantity;
}

function parseQuantity(value: unknown, key: string): bigint {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) return BigInt(value);
    throw new InvalidGenesisError(key, `${value} is not a whole number below 2^53; write larger ones as a string`);
  }
  if (typeof value === 'string' && (DECIMAL.test(value) || HEXADECIMAL.test(value))) return BigInt(value);
  throw new InvalidGenesisError(
    key,
    `a number, as such or as a decimal or 0x string, is expected, not ${describe(value)}`,
  );
}

/** A JSON integer in `minimum … maximum`. */
export function readInteger(value: unknown, key: string, minimum: number, maximum: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new InvalidGenesisError(
    key,
    `a whole number from ${minimum} to ${maximum} is expected, not ${describe(value)}`,
  );
}

export function readBoolean(value: unknown, key: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidGenesisError(key, `true or false is expected, not ${describe(value)}`);
}

/** 0x data of any length. */
export function readData(value: unknown, key: string): Uint8Array {
  if (typeof value !== 'string') throw new InvalidGenesisError(key, `0x data is expected, not ${describe(value)}`);
  try {
    return hexToBytes(value);
  } catch (error) {
    if (error instanceof InvalidHexError) throw new InvalidGenesisError(key, error.message);
    throw error;
  }
}

export function readFixedData(value: unknown, key: string, length: number): Uint8Array {
  const data = readData(value, key);
  if (data.length !== length) throw new InvalidGenesisError(key, `it has ${data.length} bytes, not ${length}`);
  return data;
}

export function readHash(value: unknown, key: string): Hash {
  return bytesToHex(readFixedData(value, key, HASH_BYTES));
}

/** geth writes the addresses of `alloc` with or without 0x, in any case. */
export function readAddress(value: unknown, key: string): Address {
  if (typeof value !== 'string' || !ADDRESS.test(value)) {
    throw new InvalidGenesisError(key, `an address of 40 hexadecimal digits is expected, not ${describe(value)}`);
  }
  return `0x${value.slice(-40).toLowerCase()}`;
}

/** A storage word: 0x and 1 to 64 digits, short ones padded on the left (as geth does). */
export function readWord(value: unknown, key: string): bigint {
  if (typeof value === 'string' && HEXADECIMAL.test(value) && value.length <= 66) return BigInt(value);
  throw new InvalidGenesisError(key, `0x and at most 64 digits are expected, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
