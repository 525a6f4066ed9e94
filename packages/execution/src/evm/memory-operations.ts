import { COPY_GAS_PER_WORD } from './environment.ts';
import { type Frame, wordCount } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, innerOperation, type Operation } from './operation.ts';

function memoryLoad(frame: Frame): void {
  const at = frame.reachWord(frame.stack.pop());
  if (at >= 0) frame.stack.push(frame.memory.readWord(at));
}

function memoryStore(frame: Frame): void {
  const at = frame.reachWord(frame.stack.pop());
  const word = frame.stack.pop();
  if (at >= 0) frame.memory.writeWord(at, word);
}

function memoryStoreByte(frame: Frame): void {
  const offset = frame.stack.pop();
  const word = frame.stack.pop();
  if (!frame.expandMemory(offset, 1n)) return;
  frame.memory.writeByte(Number(offset), Number(word & 0xffn));
}

function memorySize(frame: Frame): void {
  frame.stack.push(BigInt(frame.memory.size));
}

/** EIP-5656: memory grows to cover the source and the target. */
function memoryCopy(frame: Frame): void {
  const target = frame.stack.pop();
  const source = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(target > source ? target : source, length)) return;
  if (!frame.charge(COPY_GAS_PER_WORD * wordCount(Number(length)))) return;
  frame.memory.copyWithin(Number(target), Number(source), Number(length));
}

export const memoryOperations: readonly Operation[] = [
  innerOperation(0x51, 'MLOAD', GAS_VERY_LOW, 1, 1, memoryLoad),
  innerOperation(0x52, 'MSTORE', GAS_VERY_LOW, 2, 0, memoryStore),
  innerOperation(0x53, 'MSTORE8', GAS_VERY_LOW, 2, 0, memoryStoreByte),
  innerOperation(0x59, 'MSIZE', GAS_BASE, 0, 1, memorySize),
  innerOperation(0x5e, 'MCOPY', GAS_VERY_LOW, 3, 0, memoryCopy),
];
