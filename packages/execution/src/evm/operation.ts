import type { Frame } from './frame.ts';

/**
 * How the interpreter may run an operation.
 *
 * The decoder cuts code into blocks, whose gas and stack are checked once, at their start. So inside a block an operation
 * may halt for nothing but want of gas, touch nothing that the access list records and not read the gas that is left:
 * all of its block's gas is gone already. 'outer' operations, of which that is not true, end their block.
 */
export type OperationForm =
  | { readonly kind: 'unary'; readonly compute: UnaryFunction }
  | { readonly kind: 'binary'; readonly compute: BinaryFunction }
  | { readonly kind: 'push'; readonly length: number }
  /** `depth` as in DUP1, DUP2, …, SWAP1, SWAP2, …. */
  | { readonly kind: 'duplicate' | 'swap'; readonly depth: number }
  | { readonly kind: 'pop' | 'jump' | 'jumpIf' | 'jumpDestination' | 'programCounter' }
  /** Anything else that may stand inside a block. */
  | { readonly kind: 'inner' }
  | { readonly kind: 'outer' };

export type UnaryFunction = (word: bigint) => bigint;
/** `a` is the top of the stack. */
export type BinaryFunction = (a: bigint, b: bigint) => bigint;

/** One opcode. */
export interface Operation {
  readonly opcode: number;
  readonly name: string;
  /** Charged before it runs; what depends on operands is charged by `execute`. */
  readonly gas: number;
  /** Words it takes off the stack (for DUP and SWAP: words it needs there). */
  readonly pops: number;
  readonly pushes: number;
  /** Runs with the program counter already behind the opcode. Ends the frame by setting its status, never by throwing. */
  readonly execute: (frame: Frame) => void;
  readonly form: OperationForm;
}

/** An operation that ends its block: for everything that is not known to be harmless inside of one. */
export function outerOperation(
  opcode: number,
  name: string,
  gas: number,
  pops: number,
  pushes: number,
  execute: (frame: Frame) => void,
): Operation {
  return { opcode, name, gas, pops, pushes, execute, form: { kind: 'outer' } };
}

/** See `OperationForm` for what it has to keep. */
export function innerOperation(
  opcode: number,
  name: string,
  gas: number,
  pops: number,
  pushes: number,
  execute: (frame: Frame) => void,
): Operation {
  return { opcode, name, gas, pops, pushes, execute, form: { kind: 'inner' } };
}

/** A function of one word. */
export function unaryOperation(opcode: number, name: string, gas: number, compute: UnaryFunction): Operation {
  const execute = (frame: Frame): void => frame.stack.push(compute(frame.stack.pop()));
  return { opcode, name, gas, pops: 1, pushes: 1, execute, form: { kind: 'unary', compute } };
}

/** A function of two words. */
export function binaryOperation(opcode: number, name: string, gas: number, compute: BinaryFunction): Operation {
  const execute = (frame: Frame): void => {
    const a = frame.stack.pop();
    frame.stack.push(compute(a, frame.stack.pop()));
  };
  return { opcode, name, gas, pops: 2, pushes: 1, execute, form: { kind: 'binary', compute } };
}

/** Yellow paper, appendix G: the price classes of operations that touch nothing but the stack. */
export const GAS_BASE = 2;
export const GAS_VERY_LOW = 3;
export const GAS_LOW = 5;
export const GAS_MID = 8;
export const GAS_HIGH = 10;
