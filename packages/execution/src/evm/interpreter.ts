import { blockAt, visit } from './code.ts';
import { decodeBlock, jumpTarget } from './decode.ts';
import type { Frame } from './frame.ts';
import type { Instruction } from './instruction.ts';
import { interpretByStep, stepThroughBlock } from './step.ts';

/**
 * Runs `frame` until it ends or opens a child. A block is decoded when it runs for the second time: much code runs only
 * once, and decoding takes longer than that.
 */
export function interpret(frame: Frame): void {
  while (frame.status === 'running') {
    if (visit(frame.code, frame.pc)) runBlocks(frame, blockAt(frame.code, frame.pc));
    else stepThroughBlock(frame);
  }
}

/**
 * Follows decoded instructions from `first`, with gas and stack checked once a block, until the frame is no longer
 * running. The numbers of the cases are those of `KIND`.
 */
function runBlocks(frame: Frame, first: Instruction): void {
  const { code, stack, gasFloor } = frame;
  const { words } = stack;
  let { gas } = frame;
  let height = stack.height;
  let at = first;
  for (;;) {
    switch (at.kind) {
      case 0: // block
        if (gas - at.gas >= gasFloor && height >= at.lowest && height <= at.highest) {
          gas -= at.gas;
          break;
        }
        if (at.next === at) {
          decodeBlock(code, at);
          continue;
        }
        failInBlock(frame, at, height, gas);
        return;
      case 1: // push
        words[height++] = at.word;
        break;
      case 2: // duplicate
        words[height] = words[height - at.depth] ?? 0n;
        height++;
        break;
      case 3: {
        // swap
        const top = words[height - 1] ?? 0n;
        words[height - 1] = words[height - 1 - at.depth] ?? 0n;
        words[height - 1 - at.depth] = top;
        break;
      }
      case 4: // pop
        height--;
        break;
      case 5: // binary
        height--;
        words[height - 1] = at.binary(words[height] ?? 0n, words[height - 1] ?? 0n);
        break;
      case 6: // unary
        words[height - 1] = at.unary(words[height - 1] ?? 0n);
        break;
      case 7: // jump
        at = at.target;
        continue;
      case 8: // jumpIf
        at = words[--height] === 0n ? at.next : at.target;
        continue;
      case 9: // computedJump
        at = jumpTarget(code, words[--height] ?? 0n);
        continue;
      case 10: // computedJumpIf
        height -= 2;
        if (words[height] === 0n) break;
        at = jumpTarget(code, words[height + 1] ?? 0n);
        continue;
      default:
        // run
        stack.height = height;
        frame.gas = gas;
        frame.pc = at.pc;
        at.execute(frame);
        if (frame.status !== 'running') return;
        height = stack.height;
        gas = frame.gas;
    }
    at = at.next;
  }
}

/** Its gas or stack does not let `block` run to its end. Where it stops, and why, only single steps tell. */
function failInBlock(frame: Frame, block: Instruction, height: number, gas: number): void {
  frame.stack.height = height;
  frame.gas = gas;
  frame.pc = block.pc;
  interpretByStep(frame);
}
