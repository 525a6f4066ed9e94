import type { Frame } from './frame.ts';

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
}

export function operation(
  opcode: number,
  name: string,
  gas: number,
  pops: number,
  pushes: number,
  execute: (frame: Frame) => void,
): Operation {
  return { opcode, name, gas, pops, pushes, execute };
}

/** Yellow paper, appendix G: the price classes of operations that touch nothing but the stack. */
export const GAS_BASE = 2;
export const GAS_VERY_LOW = 3;
export const GAS_LOW = 5;
export const GAS_MID = 8;
export const GAS_HIGH = 10;
