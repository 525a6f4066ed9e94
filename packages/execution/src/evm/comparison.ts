import type { Frame } from './frame.ts';
import { GAS_VERY_LOW, type Operation, operation } from './operation.ts';
import { WORD_MASK } from './words.ts';

function lessThan(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a < frame.stack.pop() ? 1n : 0n);
}

function greaterThan(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a > frame.stack.pop() ? 1n : 0n);
}

function lessThanSigned(frame: Frame): void {
  const a = BigInt.asIntN(256, frame.stack.pop());
  frame.stack.push(a < BigInt.asIntN(256, frame.stack.pop()) ? 1n : 0n);
}

function greaterThanSigned(frame: Frame): void {
  const a = BigInt.asIntN(256, frame.stack.pop());
  frame.stack.push(a > BigInt.asIntN(256, frame.stack.pop()) ? 1n : 0n);
}

function equal(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a === frame.stack.pop() ? 1n : 0n);
}

function isZero(frame: Frame): void {
  frame.stack.push(frame.stack.pop() === 0n ? 1n : 0n);
}

function and(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a & frame.stack.pop());
}

function or(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a | frame.stack.pop());
}

function xor(frame: Frame): void {
  const a = frame.stack.pop();
  frame.stack.push(a ^ frame.stack.pop());
}

function not(frame: Frame): void {
  frame.stack.push(frame.stack.pop() ^ WORD_MASK);
}

/** The byte at `position`, 0 being the most significant. */
function byteAt(frame: Frame): void {
  const position = frame.stack.pop();
  const word = frame.stack.pop();
  frame.stack.push(position > 31n ? 0n : (word >> (8n * (31n - position))) & 0xffn);
}

export const comparisonOperations: readonly Operation[] = [
  operation(0x10, 'LT', GAS_VERY_LOW, 2, 1, lessThan),
  operation(0x11, 'GT', GAS_VERY_LOW, 2, 1, greaterThan),
  operation(0x12, 'SLT', GAS_VERY_LOW, 2, 1, lessThanSigned),
  operation(0x13, 'SGT', GAS_VERY_LOW, 2, 1, greaterThanSigned),
  operation(0x14, 'EQ', GAS_VERY_LOW, 2, 1, equal),
  operation(0x15, 'ISZERO', GAS_VERY_LOW, 1, 1, isZero),
  operation(0x16, 'AND', GAS_VERY_LOW, 2, 1, and),
  operation(0x17, 'OR', GAS_VERY_LOW, 2, 1, or),
  operation(0x18, 'XOR', GAS_VERY_LOW, 2, 1, xor),
  operation(0x19, 'NOT', GAS_VERY_LOW, 1, 1, not),
  operation(0x1a, 'BYTE', GAS_VERY_LOW, 2, 1, byteAt),
];
