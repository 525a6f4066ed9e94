import { assert } from '@heddle/primitives';
import { type AbiSignature, selectorOfSignature } from '../abi/abi-book.ts';
import { type AbiField, type AbiType, parseElementaryType } from '../abi/abi-type.ts';

/** What `log` of console.sol takes, up to four of them. */
const MIXED_TYPES = ['uint256', 'int256', 'string', 'bool', 'address'] as const;
const MOST_MIXED = 4;

const MOST_FIXED_BYTES = 32;

/**
 * Every function of console.sol, of Hardhat and of Foundry, as `log(string,uint256)`: those that tools call, and those under
 * the name of their Solidity function (logUint).
 */
function signatures(): readonly string[] {
  const fixedBytes = Array.from({ length: MOST_FIXED_BYTES }, (_, index) => `bytes${index + 1}`);
  const alone = [...MIXED_TYPES, 'bytes', ...fixedBytes];
  return ['log()', ...mixed(), ...alone.map((type) => `log(${type})`), ...alone.map(named)];
}

/** `log` of one to four of the mixed types. */
function mixed(): readonly string[] {
  const all: string[] = [];
  let longest: readonly (readonly string[])[] = [[]];
  for (let count = 1; count <= MOST_MIXED; count++) {
    longest = longest.flatMap((types) => MIXED_TYPES.map((type) => [...types, type]));
    all.push(...longest.map((types) => `log(${types.join(',')})`));
  }
  return all;
}

/** `logUint(uint256)`, `logBytes32(bytes32)`. */
function named(type: string): string {
  const short = type.replace(/256$/, '');
  return `log${short.charAt(0).toUpperCase()}${short.slice(1)}(${type})`;
}

/**
 * Types of the parameters by selector. Old versions of Hardhat's console.sol hash `uint` and `int` where the ABI's name is
 * `uint256` and `int256`: both selectors are there.
 */
function table(): ReadonlyMap<string, readonly AbiField[]> {
  const known = new Map<string, readonly AbiField[]>();
  for (const signature of signatures()) {
    const fields = parametersOf(signature);
    known.set(selectorOfSignature(signature), fields);
    const old = signature.replaceAll('int256', 'int');
    if (old !== signature) known.set(selectorOfSignature(old), fields);
  }
  return known;
}

function parametersOf(signature: string): readonly AbiField[] {
  const list = signature.slice(signature.indexOf('(') + 1, -1);
  return list === '' ? [] : list.split(',').map((type) => ({ name: '', type: typeOf(type) }));
}

function typeOf(text: string): AbiType {
  const type = parseElementaryType(text);
  assert(type !== null, 'console.sol takes elementary types');
  return type;
}

let made: ReadonlyMap<string, readonly AbiField[]> | null = null;

/** The parameters of the console function with this selector (hex without 0x); null when there is none. */
export function consoleParameters(selector: AbiSignature['selector']): readonly AbiField[] | null {
  // Some 1,500 hashes: only where something is logged.
  made ??= table();
  return made.get(selector) ?? null;
}
