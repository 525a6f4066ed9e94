import type { Frame } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, type Operation, operation } from './operation.ts';

function pop(frame: Frame): void {
  frame.stack.pop();
}

/** EIP-3855. */
function pushZero(frame: Frame): void {
  frame.stack.push(0n);
}

/** The words below 256: PUSH1 is the most frequent of all operations. */
const BYTE_WORDS: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => BigInt(byte));

function pushByte(frame: Frame): void {
  frame.stack.push(BYTE_WORDS[frame.code.padded[frame.pc] ?? 0] ?? 0n);
  frame.pc++;
}

/** PUSH2 … PUSH32; bytes beyond the end of the code are zero. */
function pushOperation(length: number): Operation {
  return operation(0x5f + length, `PUSH${length}`, GAS_VERY_LOW, 0, 1, (frame) => {
    frame.stack.push(readPushData(frame.code.view, frame.pc, length));
    frame.pc += length;
  });
}

function readPushData(view: DataView, start: number, length: number): bigint {
  let word = 0n;
  let rest = length;
  let at = start;
  for (; rest >= 8; rest -= 8, at += 8) word = (word << 64n) | view.getBigUint64(at);
  if (rest === 0) return word;
  if (rest === 2 && word === 0n) return BigInt(view.getUint16(at));
  return (word << BigInt(8 * rest)) | (view.getBigUint64(at) >> BigInt(64 - 8 * rest));
}

function duplicateOperation(depth: number): Operation {
  return operation(0x7f + depth, `DUP${depth}`, GAS_VERY_LOW, depth, depth + 1, (frame) => {
    frame.stack.push(frame.stack.peek(depth - 1));
  });
}

function swapOperation(depth: number): Operation {
  return operation(0x8f + depth, `SWAP${depth}`, GAS_VERY_LOW, depth + 1, depth + 1, (frame) => {
    const top = frame.stack.peek(0);
    frame.stack.replace(0, frame.stack.peek(depth));
    frame.stack.replace(depth, top);
  });
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

export const stackOperations: readonly Operation[] = [
  operation(0x50, 'POP', GAS_BASE, 1, 0, pop),
  operation(0x5f, 'PUSH0', GAS_BASE, 0, 1, pushZero),
  operation(0x60, 'PUSH1', GAS_VERY_LOW, 0, 1, pushByte),
  ...upTo(32).slice(1).map(pushOperation),
  ...upTo(16).map(duplicateOperation),
  ...upTo(16).map(swapOperation),
];
