/** A member of an EIP-712 struct type. */
export interface TypedField {
  readonly name: string;
  readonly type: string;
}

/** Struct types by name, 'EIP712Domain' included. */
export type TypedSchema = ReadonlyMap<string, readonly TypedField[]>;

/** EIP-712's message as a wallet is given it; the values are looked at while they are hashed. */
export interface TypedData {
  readonly types: TypedSchema;
  readonly primaryType: string;
  readonly domain: unknown;
  readonly message: unknown;
}

export const DOMAIN_TYPE = 'EIP712Domain';

/** What a type's name says about it. */
export type TypeShape =
  | { readonly kind: 'array'; readonly element: string; readonly length: number | null }
  | { readonly kind: 'struct' }
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'fixedBytes'; readonly length: number }
  | { readonly kind: 'bytes' | 'string' | 'address' | 'bool' }
  | { readonly kind: 'unknown' };

const ARRAY = /^(.+)\[(\d{0,9})\]$/;
const INTEGER = /^(u?)int(\d{1,3})?$/;
const FIXED_BYTES = /^bytes(\d{1,2})$/;

/** Elementary names win: a struct can not take the name of one. */
export function shapeOf(schema: TypedSchema, type: string): TypeShape {
  if (type === 'bytes' || type === 'string' || type === 'address' || type === 'bool') return { kind: type };
  const [, element, length] = ARRAY.exec(type) ?? [];
  if (element !== undefined) {
    return { kind: 'array', element, length: length === undefined || length === '' ? null : Number(length) };
  }
  return integerShape(type) ?? fixedBytesShape(type) ?? { kind: schema.has(type) ? 'struct' : 'unknown' };
}

/** `int` and `uint` are 256 bits wide. */
function integerShape(type: string): TypeShape | null {
  const match = INTEGER.exec(type);
  if (match === null) return null;
  const bits = Number(match[2] ?? '256');
  return bits < 8 || bits > 256 || bits % 8 !== 0
    ? { kind: 'unknown' }
    : { kind: 'integer', bits, signed: match[1] === '' };
}

function fixedBytesShape(type: string): TypeShape | null {
  const match = FIXED_BYTES.exec(type);
  if (match === null) return null;
  const length = Number(match[1]);
  return length < 1 || length > 32 ? { kind: 'unknown' } : { kind: 'fixedBytes', length };
}

/** The struct that a type is an array of an array of …, or itself. */
export function baseType(type: string): string {
  const bracket = type.indexOf('[');
  return bracket === -1 ? type : type.slice(0, bracket);
}
