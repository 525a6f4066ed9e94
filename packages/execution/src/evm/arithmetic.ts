import type { Frame } from './frame.ts';
import {
  binaryOperation,
  GAS_HIGH,
  GAS_LOW,
  GAS_MID,
  GAS_VERY_LOW,
  innerOperation,
  type Operation,
  unaryOperation,
} from './operation.ts';
import { SIGN_BIT, signedToWord, WORD_MASK, WORD_MODULUS, wordToSigned } from './words.ts';

/** EIP-160: for each byte of the exponent. */
const EXP_GAS_PER_BYTE = 50;

// `BigInt.asUintN(256, …)` is a call into the runtime; a comparison finds out cheaply that there is nothing to cut off.

function add(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum > WORD_MASK ? sum - WORD_MODULUS : sum;
}

function multiply(a: bigint, b: bigint): bigint {
  const product = a * b;
  return product > WORD_MASK ? product & WORD_MASK : product;
}

function subtract(a: bigint, b: bigint): bigint {
  const difference = a - b;
  return difference < 0n ? difference + WORD_MODULUS : difference;
}

function divide(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : a / b;
}

/** Truncates towards zero; −2^255 / −1 wraps to −2^255. */
function divideSigned(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : signedToWord(wordToSigned(a) / wordToSigned(b));
}

function modulo(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : a % b;
}

/** The sign is that of the dividend. */
function moduloSigned(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : signedToWord(wordToSigned(a) % wordToSigned(b));
}

function addModulo(frame: Frame): void {
  const a = frame.stack.pop();
  const b = frame.stack.pop();
  const modulus = frame.stack.pop();
  frame.stack.push(modulus === 0n ? 0n : (a + b) % modulus);
}

function multiplyModulo(frame: Frame): void {
  const a = frame.stack.pop();
  const b = frame.stack.pop();
  const modulus = frame.stack.pop();
  frame.stack.push(modulus === 0n ? 0n : (a * b) % modulus);
}

function exponentiate(frame: Frame): void {
  const base = frame.stack.pop();
  const exponent = frame.stack.pop();
  const bytes = exponent === 0n ? 0 : Math.ceil(exponent.toString(16).length / 2);
  if (!frame.charge(EXP_GAS_PER_BYTE * bytes)) return;
  frame.stack.push(power(base, exponent));
}

/** base^exponent mod 2^256. */
function power(base: bigint, exponent: bigint): bigint {
  if (base === 2n) return exponent > 255n ? 0n : 1n << exponent;
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}

/** Extends the sign of the number in the low `position + 1` bytes. */
function signExtend(position: bigint, word: bigint): bigint {
  if (position >= 31n) return word;
  const bits = (Number(position) + 1) * 8;
  return BigInt.asUintN(256, BigInt.asIntN(bits, word));
}

/** EIP-7939: leading zero bits; 256 for zero. */
function countLeadingZeros(word: bigint): bigint {
  let zeros = 256 - 32;
  let rest = word;
  // `toString(2)` would take 60 times as long.
  for (; rest > 0xffff_ffffn; rest >>= 32n) zeros -= 32;
  return BigInt(zeros + Math.clz32(Number(rest)));
}

/** EIP-145. */
function shiftLeft(shift: bigint, word: bigint): bigint {
  return shift > 255n ? 0n : (word << shift) & WORD_MASK;
}

function shiftRight(shift: bigint, word: bigint): bigint {
  return shift > 255n ? 0n : word >> shift;
}

function shiftRightSigned(shift: bigint, word: bigint): bigint {
  if (word < SIGN_BIT) return shiftRight(shift, word);
  return shift > 255n ? WORD_MASK : signedToWord(wordToSigned(word) >> shift);
}

export const arithmeticOperations: readonly Operation[] = [
  binaryOperation(0x01, 'ADD', GAS_VERY_LOW, add),
  binaryOperation(0x02, 'MUL', GAS_LOW, multiply),
  binaryOperation(0x03, 'SUB', GAS_VERY_LOW, subtract),
  binaryOperation(0x04, 'DIV', GAS_LOW, divide),
  binaryOperation(0x05, 'SDIV', GAS_LOW, divideSigned),
  binaryOperation(0x06, 'MOD', GAS_LOW, modulo),
  binaryOperation(0x07, 'SMOD', GAS_LOW, moduloSigned),
  innerOperation(0x08, 'ADDMOD', GAS_MID, 3, 1, addModulo),
  innerOperation(0x09, 'MULMOD', GAS_MID, 3, 1, multiplyModulo),
  innerOperation(0x0a, 'EXP', GAS_HIGH, 2, 1, exponentiate),
  binaryOperation(0x0b, 'SIGNEXTEND', GAS_LOW, signExtend),
  binaryOperation(0x1b, 'SHL', GAS_VERY_LOW, shiftLeft),
  binaryOperation(0x1c, 'SHR', GAS_VERY_LOW, shiftRight),
  binaryOperation(0x1d, 'SAR', GAS_VERY_LOW, shiftRightSigned),
  unaryOperation(0x1e, 'CLZ', GAS_LOW, countLeadingZeros),
];
