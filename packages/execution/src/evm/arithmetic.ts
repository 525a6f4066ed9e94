import type { Frame } from './frame.ts';
import { GAS_HIGH, GAS_LOW, GAS_MID, GAS_VERY_LOW, type Operation, operation } from './operation.ts';
import { SIGN_BIT, WORD_MASK } from './words.ts';

/** EIP-160: for each byte of the exponent. */
const EXP_GAS_PER_BYTE = 50;

function add(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(BigInt.asUintN(256, a + frame.stack.pop()));
}

function multiply(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(BigInt.asUintN(256, a * frame.stack.pop()));
}

function subtract(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(BigInt.asUintN(256, a - frame.stack.pop()));
}

function divide(frame: Frame): void {
  const a = frame.stack.pop();
  const b = frame.stack.pop();
  frame.stack.push(b === 0n ? 0n : a / b);
}

/** Truncates towards zero; −2^255 / −1 wraps to −2^255. */
function divideSigned(frame: Frame): void {
  const a = BigInt.asIntN(256, frame.stack.pop());
  const b = BigInt.asIntN(256, frame.stack.pop());
  frame.stack.push(b === 0n ? 0n : BigInt.asUintN(256, a / b));
}

function modulo(frame: Frame): void {
  const a = frame.stack.pop();
  const b = frame.stack.pop();
  frame.stack.push(b === 0n ? 0n : a % b);
}

/** The sign is that of the dividend. */
function moduloSigned(frame: Frame): void {
  const a = BigInt.asIntN(256, frame.stack.pop());
  const b = BigInt.asIntN(256, frame.stack.pop());
  frame.stack.push(b === 0n ? 0n : BigInt.asUintN(256, a % b));
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
    if ((rest & 1n) === 1n) result = BigInt.asUintN(256, result * square);
    square = BigInt.asUintN(256, square * square);
  }
  return result;
}

/** Extends the sign of the number in the low `position + 1` bytes. */
function signExtend(frame: Frame): void {
  const position = frame.stack.pop();
  const word = frame.stack.pop();
  if (position >= 31n) {
    frame.stack.push(word);
    return;
  }
  const bits = (Number(position) + 1) * 8;
  frame.stack.push(BigInt.asUintN(256, BigInt.asIntN(bits, word)));
}

/** EIP-7939: leading zero bits; 256 for zero. */
function countLeadingZeros(frame: Frame): void {
  const word = frame.stack.pop();
  frame.stack.push(word === 0n ? 256n : BigInt(256 - word.toString(2).length));
}

/** EIP-145. */
function shiftLeft(frame: Frame): void {
  const shift = frame.stack.pop();
  const word = frame.stack.pop();
  frame.stack.push(shift > 255n ? 0n : (word << shift) & WORD_MASK);
}

function shiftRight(frame: Frame): void {
  const shift = frame.stack.pop();
  const word = frame.stack.pop();
  frame.stack.push(shift > 255n ? 0n : word >> shift);
}

function shiftRightSigned(frame: Frame): void {
  const shift = frame.stack.pop();
  const word = frame.stack.pop();
  const negative = (word & SIGN_BIT) !== 0n;
  if (shift > 255n) frame.stack.push(negative ? WORD_MASK : 0n);
  else frame.stack.push(BigInt.asUintN(256, BigInt.asIntN(256, word) >> shift));
}

export const arithmeticOperations: readonly Operation[] = [
  operation(0x01, 'ADD', GAS_VERY_LOW, 2, 1, add),
  operation(0x02, 'MUL', GAS_LOW, 2, 1, multiply),
  operation(0x03, 'SUB', GAS_VERY_LOW, 2, 1, subtract),
  operation(0x04, 'DIV', GAS_LOW, 2, 1, divide),
  operation(0x05, 'SDIV', GAS_LOW, 2, 1, divideSigned),
  operation(0x06, 'MOD', GAS_LOW, 2, 1, modulo),
  operation(0x07, 'SMOD', GAS_LOW, 2, 1, moduloSigned),
  operation(0x08, 'ADDMOD', GAS_MID, 3, 1, addModulo),
  operation(0x09, 'MULMOD', GAS_MID, 3, 1, multiplyModulo),
  operation(0x0a, 'EXP', GAS_HIGH, 2, 1, exponentiate),
  operation(0x0b, 'SIGNEXTEND', GAS_LOW, 2, 1, signExtend),
  operation(0x1b, 'SHL', GAS_VERY_LOW, 2, 1, shiftLeft),
  operation(0x1c, 'SHR', GAS_VERY_LOW, 2, 1, shiftRight),
  operation(0x1d, 'SAR', GAS_VERY_LOW, 2, 1, shiftRightSigned),
  operation(0x1e, 'CLZ', GAS_LOW, 1, 1, countLeadingZeros),
];
