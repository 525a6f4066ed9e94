import { STACK_LIMIT } from '../limits.ts';
import type { Frame } from './frame.ts';
import { EXECUTE, HIGHEST_START, LOWEST_START, STATIC_GAS } from './opcode-table.ts';

/** Runs `frame` until it ends or opens a child. */
export function interpret(frame: Frame): void {
  const { padded } = frame.code;
  const { stack } = frame;
  while (frame.status === 'running') {
    // Running off the end of the code is STOP: zeros stand there.
    const opcode = padded[frame.pc] ?? 0;
    const execute = EXECUTE[opcode];
    if (execute === undefined) {
      frame.halt('invalid opcode');
      return;
    }
    if (stack.height < (LOWEST_START[opcode] ?? 0)) {
      frame.halt('stack underflow');
      return;
    }
    if (stack.height > (HIGHEST_START[opcode] ?? STACK_LIMIT)) {
      frame.halt('stack limit reached');
      return;
    }
    if (!frame.charge(STATIC_GAS[opcode] ?? 0)) return;
    frame.pc++;
    execute(frame);
  }
}
