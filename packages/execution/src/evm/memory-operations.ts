import { COPY_GAS_PER_WORD } from './environment.ts';
import { type Frame, wordCount } from './frame.ts';
import { GAS_BASE, GAS_VERY_LOW, type Operation, operation } from './operation.ts';

function memoryLoad(frame: Frame): void {
  const offset = frame.stack.pop();
  if (!frame.expandMemory(offset, 32n)) return;
  frame.stack.push(frame.memory.readWord(Number(offset)));
}

function memoryStore(frame: Frame): void {
  const offset = frame.stack.pop();
  const word = frame.stack.pop();
  if (!frame.expandMemory(offset, 32n)) return;
  frame.memory.writeWord(Number(offset), word);
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
  operation(0x51, 'MLOAD', GAS_VERY_LOW, 1, 1, memoryLoad),
  operation(0x52, 'MSTORE', GAS_VERY_LOW, 2, 0, memoryStore),
  operation(0x53, 'MSTORE8', GAS_VERY_LOW, 2, 0, memoryStoreByte),
  operation(0x59, 'MSIZE', GAS_BASE, 0, 1, memorySize),
  operation(0x5e, 'MCOPY', GAS_VERY_LOW, 3, 0, memoryCopy),
];
