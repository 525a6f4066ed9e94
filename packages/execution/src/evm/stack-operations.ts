import { readPushData } from './code.ts';
import type { Frame } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, innerOperation, type Operation } from './operation.ts';

function pop(frame: Frame): void {
  frame.stack.pop();
}

/** PUSH0 (EIP-3855) … PUSH32; bytes beyond the end of the code are zero. */
function pushOperation(length: number): Operation {
  const gas = length === 0 ? GAS_BASE : GAS_VERY_LOW;
  const execute = (frame: Frame): void => {
    frame.stack.push(readPushData(frame.code, frame.pc, length));
    frame.pc += length;
  };
  return { ...innerOperation(0x5f + length, `PUSH${length}`, gas, 0, 1, execute), form: { kind: 'push', length } };
}

function duplicateOperation(depth: number): Operation {
  const execute = (frame: Frame): void => frame.stack.push(frame.stack.peek(depth - 1));
  const plain = innerOperation(0x7f + depth, `DUP${depth}`, GAS_VERY_LOW, depth, depth + 1, execute);
  return { ...plain, form: { kind: 'duplicate', depth } };
}

function swapOperation(depth: number): Operation {
  const execute = (frame: Frame): void => {
    const top = frame.stack.peek(0);
    frame.stack.replace(0, frame.stack.peek(depth));
    frame.stack.replace(depth, top);
  };
  const plain = innerOperation(0x8f + depth, `SWAP${depth}`, GAS_VERY_LOW, depth + 1, depth + 1, execute);
  return { ...plain, form: { kind: 'swap', depth } };
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

export const stackOperations: readonly Operation[] = [
  { ...innerOperation(0x50, 'POP', GAS_BASE, 1, 0, pop), form: { kind: 'pop' } },
  ...[0, ...upTo(32)].map(pushOperation),
  ...upTo(16).map(duplicateOperation),
  ...upTo(16).map(swapOperation),
];
