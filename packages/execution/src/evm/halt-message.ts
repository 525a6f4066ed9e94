import { STACK_LIMIT } from '../limits.ts';
import type { Frame } from './frame.ts';
import { OPERATION_OF, opcodeName } from './opcode-table.ts';

/** Why `frame` failed, in all of geth's words: those of `HaltReason` with what geth adds to them. Null if it has not. */
export function haltMessage(frame: Frame): string | null {
  if (frame.status === 'reverted') return 'execution reverted';
  if (frame.status !== 'halted') return null;
  const opcode = frame.code.padded[frame.pc] ?? 0;
  const operation = OPERATION_OF[opcode];
  switch (frame.haltReason) {
    case 'invalid opcode':
      return `invalid opcode: ${opcodeName(opcode)}`;
    case 'stack underflow':
      return `stack underflow (${frame.stack.height} <=> ${operation?.pops ?? 0})`;
    case 'stack limit reached':
      return `stack limit reached ${frame.stack.height} (${STACK_LIMIT + (operation?.pops ?? 0) - (operation?.pushes ?? 0)})`;
    default:
      return frame.haltReason;
  }
}
