import { binaryOperation, GAS_VERY_LOW, type Operation, unaryOperation } from './operation.ts';
import { SIGN_BIT, WORD_MASK } from './words.ts';

function lessThan(a: bigint, b: bigint): bigint {
  return a < b ? 1n : 0n;
}

function greaterThan(a: bigint, b: bigint): bigint {
  return a > b ? 1n : 0n;
}

/** Words of one sign compare as they are; of two, the one with the sign bit is the smaller. */
function lessThanSigned(a: bigint, b: bigint): bigint {
  const isNegative = a >= SIGN_BIT;
  return isNegative === b >= SIGN_BIT ? lessThan(a, b) : isNegative ? 1n : 0n;
}

function greaterThanSigned(a: bigint, b: bigint): bigint {
  return lessThanSigned(b, a);
}

function equal(a: bigint, b: bigint): bigint {
  return a === b ? 1n : 0n;
}

function isZero(word: bigint): bigint {
  return word === 0n ? 1n : 0n;
}

function and(a: bigint, b: bigint): bigint {
  return a & b;
}

function or(a: bigint, b: bigint): bigint {
  return a | b;
}

function xor(a: bigint, b: bigint): bigint {
  return a ^ b;
}

function not(word: bigint): bigint {
  return word ^ WORD_MASK;
}

/** The byte at `position`, 0 being the most significant. */
function byteAt(position: bigint, word: bigint): bigint {
  return position > 31n ? 0n : (word >> (248n - (position << 3n))) & 0xffn;
}

export const comparisonOperations: readonly Operation[] = [
  binaryOperation(0x10, 'LT', GAS_VERY_LOW, lessThan),
  binaryOperation(0x11, 'GT', GAS_VERY_LOW, greaterThan),
  binaryOperation(0x12, 'SLT', GAS_VERY_LOW, lessThanSigned),
  binaryOperation(0x13, 'SGT', GAS_VERY_LOW, greaterThanSigned),
  binaryOperation(0x14, 'EQ', GAS_VERY_LOW, equal),
  unaryOperation(0x15, 'ISZERO', GAS_VERY_LOW, isZero),
  binaryOperation(0x16, 'AND', GAS_VERY_LOW, and),
  binaryOperation(0x17, 'OR', GAS_VERY_LOW, or),
  binaryOperation(0x18, 'XOR', GAS_VERY_LOW, xor),
  unaryOperation(0x19, 'NOT', GAS_VERY_LOW, not),
  binaryOperation(0x1a, 'BYTE', GAS_VERY_LOW, byteAt),
];
