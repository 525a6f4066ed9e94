import type { Block, ControlOperation, ControlState } from '@heddle/types';
import { runOf } from '@heddle/types';

/**
 * What stands after `block`, when `before` stood before it. What was pending for the next mined block is used up by one:
 * by any block but a control block that mines nothing. Operations bind from the next block on.
 */
export function controlAfter(before: ControlState, { section }: Pick<Block, 'section'>): ControlState {
  const control = section?.control ?? null;
  const isMined = control === null || runOf(control) !== null;
  const hasPending = before.nextBaseFee !== null || before.nextPrevRandao !== null;
  const left = isMined && hasPending ? { ...before, nextBaseFee: null, nextPrevRandao: null } : before;
  if (control === null) return left;
  return control.operations.reduce(controlled, { ...left, nextNumber: control.number + 1n });
}

function controlled(state: ControlState, operation: ControlOperation): ControlState {
  switch (operation.kind) {
    case 'nextBaseFee':
      return { ...state, nextBaseFee: operation.value };
    case 'nextPrevRandao':
      return { ...state, nextPrevRandao: operation.value };
    case 'gasLimit':
      return { ...state, gasLimit: operation.value };
    default:
      return state;
  }
}
