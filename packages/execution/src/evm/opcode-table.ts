import { ImpossibleStateError } from '@heddle/primitives';
import { arithmeticOperations } from './arithmetic.ts';
import { blockOperations } from './block.ts';
import { callOperations } from './calls.ts';
import { comparisonOperations } from './comparison.ts';
import { creationOperations } from './creates.ts';
import { environmentOperations } from './environment.ts';
import { flowOperations } from './flow.ts';
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
export const OPERATION_OF: readonly (Operation | undefined)[] = byOpcode();

function byOpcode(): readonly (Operation | undefined)[] {
  const table = new Array<Operation | undefined>(256).fill(undefined);
  for (const operation of OPERATIONS) {
    if (table[operation.opcode] !== undefined) {
      throw new ImpossibleStateError(`two operations share the opcode of ${operation.name}`);
    }
    table[operation.opcode] = operation;
  }
  return table;
}

/** As geth writes it: 'ADD', or 'opcode 0x0c not defined'. */
export function opcodeName(opcode: number): string {
  return OPERATION_OF[opcode]?.name ?? `opcode 0x${opcode.toString(16).padStart(2, '0')} not defined`;
}
