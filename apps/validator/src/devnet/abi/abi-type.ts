import { MAX_ABI_FIELDS, MAX_ABI_TYPE_DEPTH } from '../../limits.ts';

/** A type of the contract ABI, as far as decoding needs it. */
export type AbiType =
  | { readonly kind: 'uint' | 'int'; readonly bits: number }
  | { readonly kind: 'bool' | 'address' | 'bytes' | 'string' }
  | { readonly kind: 'fixedBytes'; readonly size: number }
  /** `length` is null where the data says it. */
  | { readonly kind: 'list'; readonly item: AbiType; readonly length: number | null }
  | { readonly kind: 'tuple'; readonly fields: readonly AbiField[] };

/** A parameter; its name is '' where the source gives it none. */
export interface AbiField {
  readonly name: string;
  readonly type: AbiType;
}

/** What the compiler writes of a parameter, unchecked. */
interface JsonParameter {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly components?: unknown;
}

/** The parameters of a function or error in a JSON ABI; null for anything else. */
export function parseAbiFields(value: unknown): readonly AbiField[] | null {
  return parseFields(value, 0);
}

/** The type as signatures have it: `(uint256,bytes)[2]`. */
export function canonicalType(type: AbiType): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `${type.kind}${type.bits}`;
    case 'fixedBytes':
      return `bytes${type.size}`;
    case 'list':
      return `${canonicalType(type.item)}[${type.length ?? ''}]`;
    case 'tuple':
      return canonicalTypes(type.fields);
    default:
      return type.kind;
  }
}

/** `(uint256,string)`, as it stands behind a name. */
export function canonicalTypes(fields: readonly AbiField[]): string {
  return `(${fields.map(({ type }) => canonicalType(type)).join(',')})`;
}

/** A type without components; `uint` and `int` stand for 256 bits. Null for what is none. */
export function parseElementaryType(text: string): AbiType | null {
  switch (text) {
    case 'bool':
    case 'address':
    case 'bytes':
    case 'string':
      return { kind: text };
    // An address and a selector.
    case 'function':
      return { kind: 'fixedBytes', size: 24 };
  }
  const match = /^(uint|int|bytes)(\d{0,3})$/.exec(text);
  const [, name, digits = ''] = match ?? [];
  if (name === 'bytes') return fixedBytes(Number(digits));
  return name === 'uint' || name === 'int' ? integer(name, digits === '' ? 256 : Number(digits)) : null;
}

function fixedBytes(size: number): AbiType | null {
  return size >= 1 && size <= 32 ? { kind: 'fixedBytes', size } : null;
}

function integer(kind: 'uint' | 'int', bits: number): AbiType | null {
  return bits % 8 === 0 && bits >= 8 && bits <= 256 ? { kind, bits } : null;
}

function parseFields(value: unknown, depth: number): readonly AbiField[] | null {
  if (!Array.isArray(value) || value.length > MAX_ABI_FIELDS || depth > MAX_ABI_TYPE_DEPTH) return null;
  const fields: AbiField[] = [];
  for (const parameter of value) {
    const field = isObject(parameter) ? parseField(parameter, depth) : null;
    if (field === null) return null;
    fields.push(field);
  }
  return fields;
}

function parseField({ name, type, components }: JsonParameter, depth: number): AbiField | null {
  if (typeof type !== 'string') return null;
  const parsed = parseType(type, components, depth);
  return parsed === null ? null : { name: typeof name === 'string' && isName(name) ? name : '', type: parsed };
}

/** An identifier of Solidity or Vyper: shown in the log, so nothing else may pass for one. */
function isName(name: string): boolean {
  return /^[\w$]{1,64}$/.test(name);
}

function parseType(text: string, components: unknown, depth: number): AbiType | null {
  if (depth > MAX_ABI_TYPE_DEPTH) return null;
  const list = /^(.+)\[(\d{0,6})\]$/.exec(text);
  if (list !== null) {
    const item = parseType(list[1] ?? '', components, depth + 1);
    const length = list[2] === undefined || list[2] === '' ? null : Number(list[2]);
    return item === null ? null : { kind: 'list', item, length };
  }
  if (text !== 'tuple') return parseElementaryType(text);
  const fields = parseFields(components, depth + 1);
  return fields === null ? null : { kind: 'tuple', fields };
}

function isObject(value: unknown): value is JsonParameter {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
