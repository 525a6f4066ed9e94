import { ImpossibleStateError } from '@heddle/primitives';
import { STACK_LIMIT } from '../limits.ts';
import { arithmeticOperations } from './arithmetic.ts';
import { blockOperations } from './block.ts';
import { callOperations } from './calls.ts';
import { comparisonOperations } from './comparison.ts';
import { creationOperations } from './creates.ts';
import { environmentOperations } from './environment.ts';
import { flowOperations } from './flow.ts';
import type { Frame } from './frame.ts';
import { keccakOperations } from './keccak.ts';
import { logOperations } from './logs.ts';
import { memoryOperations } from './memory-operations.ts';
import type { Operation } from './operation.ts';
import { selfDestructOperations } from './self-destruct.ts';
import { stackOperations } from './stack-operations.ts';
import { storageOperations } from './storage-operations.ts';

/** Every operation of Osaka. An opcode that is not here is invalid. */
export const OPERATIONS: readonly Operation[] = [
  ...arithmeticOperations,
  ...comparisonOperations,
  ...keccakOperations,
  ...environmentOperations,
  ...blockOperations,
  ...memoryOperations,
  ...storageOperations,
  ...flowOperations,
  ...stackOperations,
  ...logOperations,
  ...creationOperations,
  ...callOperations,
  ...selfDestructOperations,
];

/** By opcode; `undefined` is invalid. */
export const EXECUTE: readonly (((frame: Frame) => void) | undefined)[] = byOpcode();

/** By opcode: gas charged before it runs. */
export const STATIC_GAS: Uint32Array = new Uint32Array(256);
/** By opcode: the stack must hold at least this many words. */
export const LOWEST_START: Uint16Array = new Uint16Array(256);
/** By opcode: and at most this many. */
export const HIGHEST_START: Uint16Array = new Uint16Array(256);

for (const { opcode, gas, pops, pushes } of OPERATIONS) {
  STATIC_GAS[opcode] = gas;
  LOWEST_START[opcode] = pops;
  HIGHEST_START[opcode] = STACK_LIMIT + pops - pushes;
}

function byOpcode(): readonly (((frame: Frame) => void) | undefined)[] {
  const table = new Array<((frame: Frame) => void) | undefined>(256).fill(undefined);
  for (const { opcode, execute, name } of OPERATIONS) {
    if (table[opcode] !== undefined) throw new ImpossibleStateError(`two operations share the opcode of ${name}`);
    table[opcode] = execute;
  }
  return table;
}
