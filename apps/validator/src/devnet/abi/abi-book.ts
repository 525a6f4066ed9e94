import { functionSelector } from '@heddle/types';
import { MAX_ABI_CANDIDATES } from '../../limits.ts';
import { type AbiField, canonicalTypes, parseAbiFields } from './abi-type.ts';
import { decodeValues, type NamedValue } from './decode-values.ts';

/** A function or an error that an ABI tells of. */
export interface AbiSignature {
  readonly kind: 'function' | 'error';
  readonly name: string;
  readonly inputs: readonly AbiField[];
  /** Four bytes, as hex without 0x. */
  readonly selector: string;
}

/** A call or an error with its values. */
export interface DecodedCall {
  readonly name: string;
  readonly values: readonly NamedValue[];
}

/** Decodes what the ABIs that it was given know. */
export interface AbiBook {
  /** Null for a selector that is not known, or data that does not fit it. */
  decode(kind: AbiSignature['kind'], data: Uint8Array): DecodedCall | null;
  /** The name of the contract that init code makes; null when none is known. */
  contractOf(initCode: Uint8Array): string | null;
}

/** A contract that is known by its init code. */
export interface KnownContract {
  readonly contract: string;
  makes(initCode: Uint8Array): boolean;
}

export const EMPTY_BOOK: AbiBook = { decode: () => null, contractOf: () => null };

/** The first four bytes as hex without 0x; shorter data has none. */
export function selectorOf(data: Uint8Array): string | null {
  return data.length < 4 ? null : Buffer.from(data.subarray(0, 4)).toString('hex');
}

/** The selector of `transfer(address,uint256)`. */
export function selectorOfSignature(signature: string): string {
  return functionSelector(signature).slice(2);
}

/** What a JSON ABI says of functions and errors; the rest, and what can't be understood, is left out. */
export function parseAbi(items: readonly unknown[]): readonly AbiSignature[] {
  return items.flatMap((item) => {
    const signature = parseItem(item);
    return signature === null ? [] : [signature];
  });
}

/** In the order of the signatures: of several that fit the first is taken. */
export function createAbiBook(signatures: Iterable<AbiSignature>, contracts: readonly KnownContract[] = []): AbiBook {
  const known = new Map<string, AbiSignature[]>();
  for (const signature of signatures) {
    const key = signature.kind + signature.selector;
    const same = known.get(key) ?? [];
    known.set(key, same);
    if (same.length < MAX_ABI_CANDIDATES && !same.some((other) => isSame(other, signature))) same.push(signature);
  }
  return {
    decode: (kind, data) => {
      for (const { name, inputs } of known.get(`${kind}${selectorOf(data)}`) ?? []) {
        const values = decodeValues(inputs, data.subarray(4));
        if (values !== null) return { name, values };
      }
      return null;
    },
    contractOf: (initCode) => contracts.find((known) => known.makes(initCode))?.contract ?? null,
  };
}

function isSame(a: AbiSignature, b: AbiSignature): boolean {
  return a.name === b.name && canonicalTypes(a.inputs) === canonicalTypes(b.inputs);
}

function parseItem(item: unknown): AbiSignature | null {
  if (typeof item !== 'object' || item === null || !('type' in item) || !('name' in item)) return null;
  const { type: kind, name } = item;
  if (kind !== 'function' && kind !== 'error') return null;
  if (typeof name !== 'string' || !/^[\w$]{1,128}$/.test(name)) return null;
  const inputs = parseAbiFields('inputs' in item ? item.inputs : []);
  if (inputs === null) return null;
  return { kind, name, inputs, selector: selectorOfSignature(`${name}${canonicalTypes(inputs)}`) };
}
