import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { RemoteTouchError, WorkBoundError } from '../errors.ts';
import { MAX_CODE_SIZE } from '../limits.ts';
import type { Frame } from './frame.ts';
import { returnWorkspace } from './workspace.ts';

/** Yellow paper: for each byte of a new contract's code. */
const CODE_DEPOSIT_GAS_PER_BYTE = 200;

/**
 * Runs `outermost` and every frame that it opens, to the end. A loop over linked frames: depth costs no JavaScript stack.
 * Throws `RemoteTouchError` where the world's guard forbids a touch, and `WorkBoundError`; whoever catches one takes back
 * what was done.
 */
export function runFrames(outermost: Frame): void {
  const { world, observer, run } = outermost.machine;
  const before = world.lookFrom(outermost.account.shard);
  let frame = outermost;
  try {
    observer.frameOpened(frame);
    for (;;) {
      // A precompile is done, and so is a call of an account without code, when its frame is opened.
      if (frame.status === 'running') run(frame);
      if (frame.status === 'calling') {
        if (frame.child === null) throw new ImpossibleStateError('a calling frame has a child');
        frame = frame.child;
        observer.frameOpened(frame);
      } else {
        closeFrame(frame);
        observer.frameClosed(frame);
        returnWorkspace(frame.workspace);
        if (frame.parent === null) return;
        resume(frame.parent, frame);
        frame = frame.parent;
      }
      world.lookFrom(frame.account.shard);
    }
  } catch (error) {
    if (error instanceof RemoteTouchError) throw new RemoteTouchError(error.facts.address, abandon(frame));
    if (error instanceof WorkBoundError) abandon(frame);
    throw error;
  } finally {
    world.lookFrom(before);
  }
}

/** Ends all frames down from the innermost one. Returns the gas that they have left. */
function abandon(innermost: Frame): number {
  let gas = 0;
  for (let frame: Frame | null = innermost; frame !== null; frame = frame.parent) {
    gas += frame.gas;
    returnWorkspace(frame.workspace);
  }
  return gas;
}

/** Deposits a new contract's code; undoes what a failed frame did. */
function closeFrame(frame: Frame): void {
  if (frame.isCreation && frame.status === 'returned') depositCode(frame);
  if (frame.status === 'returned') return;
  frame.machine.world.revertTo(frame.worldMark);
  if (frame.status === 'halted') {
    frame.gas = 0;
    frame.output = EMPTY_BYTES;
  }
}

function depositCode(frame: Frame): void {
  const code = frame.output;
  if (code.length > MAX_CODE_SIZE) {
    frame.halt('max code size exceeded');
  } else if (code[0] === 0xef) {
    // EIP-3541; it also keeps delegations (EIP-7702) from being deployed.
    frame.halt('invalid code: must not begin with 0xef');
  } else if (frame.gas < CODE_DEPOSIT_GAS_PER_BYTE * code.length) {
    frame.halt('contract creation code storage out of gas');
  } else {
    frame.gas -= CODE_DEPOSIT_GAS_PER_BYTE * code.length;
    frame.machine.world.setCode(frame.account.address, code);
  }
}

/** Gives a finished child's result and its gas to the frame that opened it. */
function resume(parent: Frame, child: Frame): void {
  const succeeded = child.status === 'returned';
  parent.child = null;
  parent.status = 'running';
  parent.gas += child.gas;
  if (child.isCreation) {
    parent.returnData = succeeded ? EMPTY_BYTES : child.output;
    parent.stack.push(succeeded ? BigInt(child.account.address) : 0n);
    return;
  }
  parent.returnData = child.output;
  parent.memory.write(child.outputOffset, child.output.subarray(0, child.outputLength));
  parent.stack.push(succeeded ? 1n : 0n);
}
