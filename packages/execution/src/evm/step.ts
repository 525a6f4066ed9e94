import { STACK_LIMIT } from '../limits.ts';
import type { Frame } from './frame.ts';
import type { StepObserver } from './observer.ts';
import { OPERATION_OF } from './opcode-table.ts';
import type { Operation } from './operation.ts';

/**
 * The EVM as it is defined: one operation at a time, each checked before it runs. Runs `frame` until it ends or opens a
 * child. `interpret` does the same in another way, and leaves to this what goes wrong in the middle of a block.
 */
export function interpretByStep(frame: Frame): void {
  while (frame.status === 'running') step(frame);
}

/** As `interpretByStep`, with `observer` told before and after each operation. */
export function stepObserved(observer: StepObserver): (frame: Frame) => void {
  return (frame) => {
    while (frame.status === 'running') {
      observer.beforeStep(frame, frame.code.padded[frame.pc] ?? 0);
      step(frame);
      observer.afterStep(frame);
    }
  };
}

/** Runs `frame` to the end of the block that begins where it stands. */
export function stepThroughBlock(frame: Frame): void {
  do {
    const kind = nextOperation(frame)?.form.kind;
    step(frame);
    if (kind === 'jump' || kind === 'jumpIf' || kind === 'outer') return;
  } while (frame.status === 'running' && nextOperation(frame)?.form.kind !== 'jumpDestination');
}

/** Running off the end of the code is STOP: zeros stand there. */
function nextOperation(frame: Frame): Operation | undefined {
  return OPERATION_OF[frame.code.padded[frame.pc] ?? 0];
}

function step(frame: Frame): void {
  const { stack } = frame;
  const operation = nextOperation(frame);
  if (operation === undefined) {
    frame.halt('invalid opcode');
  } else if (stack.height < operation.pops) {
    frame.halt('stack underflow');
  } else if (stack.height - operation.pops + operation.pushes > STACK_LIMIT) {
    frame.halt('stack limit reached');
  } else if (frame.charge(operation.gas)) {
    frame.pc++;
    operation.execute(frame);
  }
}
