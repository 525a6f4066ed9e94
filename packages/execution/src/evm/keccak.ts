import { keccak256 } from '@heddle/primitives';
import { type Frame, wordCount } from './frame.ts';
import { innerOperation, type Operation } from './operation.ts';
import { bytesToWord } from './words.ts';

/** Yellow paper, appendix G. */
const KECCAK_GAS = 30;
const KECCAK_GAS_PER_WORD = 6;

function keccak(frame: Frame): void {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(offset, length)) return;
  if (!frame.charge(KECCAK_GAS_PER_WORD * wordCount(Number(length)))) return;
  const at = Number(offset);
  const digest = bytesToWord(keccak256(frame.memory.view(at, Number(length))));
  frame.stack.push(digest);
  const { hashObserver } = frame.machine.world;
  if (hashObserver !== null && length === 64n) {
    hashObserver.hashed(frame.memory.readWord(at), frame.memory.readWord(at + 32), digest);
  }
}

export const keccakOperations: readonly Operation[] = [innerOperation(0x20, 'KECCAK256', KECCAK_GAS, 2, 1, keccak)];
