import { keccak256 } from '@heddle/primitives';
import { type Frame, wordCount } from './frame.ts';
import { type Operation, operation } from './operation.ts';
import { bytesToWord } from './words.ts';

/** Yellow paper, appendix G. */
const KECCAK_GAS = 30;
const KECCAK_GAS_PER_WORD = 6;

function keccak(frame: Frame): void {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(offset, length)) return;
  if (!frame.charge(KECCAK_GAS_PER_WORD * wordCount(Number(length)))) return;
  frame.stack.push(bytesToWord(keccak256(frame.memory.view(Number(offset), Number(length)))));
}

export const keccakOperations: readonly Operation[] = [operation(0x20, 'KECCAK256', KECCAK_GAS, 2, 1, keccak)];
