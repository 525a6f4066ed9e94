import type { Frame } from './frame.ts';
import type { BinaryFunction, UnaryFunction } from './operation.ts';

/**
 * What the interpreter's loop does with an instruction. Its `switch` has the same numbers as literals, since V8 makes a
 * jump table of literals only.
 */
export const KIND = {
  block: 0,
  push: 1,
  duplicate: 2,
  swap: 3,
  pop: 4,
  binary: 5,
  unary: 6,
  jump: 7,
  jumpIf: 8,
  computedJump: 9,
  computedJumpIf: 10,
  run: 11,
} as const;

/**
 * One decoded operation, or the start of a block of them. Instructions are linked: the loop follows `next`, and `target`
 * where a jump with a constant destination is taken. All are of one class, so that the loop's reads stay monomorphic; a
 * field that a kind has no use for keeps its default.
 */
export class Instruction {
  kind: number;
  next: Instruction = this;
  target: Instruction = this;
  /** 'push': the word. */
  word = 0n;
  /** 'duplicate', 'swap': as in DUP1, SWAP1. */
  depth = 0;
  unary: UnaryFunction = noUnary;
  binary: BinaryFunction = noBinary;
  /** 'run': what it does to a frame. */
  execute: (frame: Frame) => void = noExecution;
  /** 'block': where it begins in the code; 'run': the byte behind the operation. */
  readonly pc: number;
  /** 'block': gas of all its operations, as far as it is known beforehand. More than there can be until it is decoded. */
  gas: number = Number.MAX_SAFE_INTEGER;
  /** 'block': words that must be on the stack, and that may. */
  lowest = 0;
  highest = 0;

  constructor(kind: number, pc: number) {
    this.kind = kind;
    this.pc = pc;
  }
}

function noUnary(word: bigint): bigint {
  return word;
}

function noBinary(a: bigint): bigint {
  return a;
}

function noExecution(): void {}
