import { isJumpDestination } from './code.ts';
import type { Frame } from './frame.ts';
import { GAS_BASE, GAS_HIGH, GAS_MID, type Operation, outerOperation } from './operation.ts';

const JUMPDEST_GAS = 1;

function stop(frame: Frame): void {
  frame.status = 'returned';
}

function jump(frame: Frame): void {
  jumpTo(frame, frame.stack.pop());
}

function jumpIf(frame: Frame): void {
  const destination = frame.stack.pop();
  if (frame.stack.pop() !== 0n) jumpTo(frame, destination);
}

function jumpTo(frame: Frame, destination: bigint): void {
  const at = Number(destination);
  if (isJumpDestination(frame.code, at)) frame.pc = at;
  else frame.halt('invalid jump destination');
}

function jumpDestination(): void {}

function programCounter(frame: Frame): void {
  frame.stack.push(BigInt(frame.pc - 1));
}

function remainingGas(frame: Frame): void {
  frame.stack.push(BigInt(frame.gas));
}

function returnOutput(frame: Frame): void {
  if (readOutput(frame)) frame.status = 'returned';
}

/** EIP-140. */
function revert(frame: Frame): void {
  if (readOutput(frame)) frame.status = 'reverted';
}

function readOutput(frame: Frame): boolean {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(offset, length)) return false;
  frame.output = frame.memory.read(Number(offset), Number(length));
  return true;
}

/** EIP-141: the designated invalid instruction. */
function invalid(frame: Frame): void {
  // Where the opcode is, as for one that is not defined: `haltMessage` looks there.
  frame.pc--;
  frame.halt('invalid opcode');
}

export const flowOperations: readonly Operation[] = [
  outerOperation(0x00, 'STOP', 0, 0, 0, stop),
  { ...outerOperation(0x56, 'JUMP', GAS_MID, 1, 0, jump), form: { kind: 'jump' } },
  { ...outerOperation(0x57, 'JUMPI', GAS_HIGH, 2, 0, jumpIf), form: { kind: 'jumpIf' } },
  { ...outerOperation(0x58, 'PC', GAS_BASE, 0, 1, programCounter), form: { kind: 'programCounter' } },
  outerOperation(0x5a, 'GAS', GAS_BASE, 0, 1, remainingGas),
  { ...outerOperation(0x5b, 'JUMPDEST', JUMPDEST_GAS, 0, 0, jumpDestination), form: { kind: 'jumpDestination' } },
  outerOperation(0xf3, 'RETURN', 0, 2, 0, returnOutput),
  outerOperation(0xfd, 'REVERT', 0, 2, 0, revert),
  outerOperation(0xfe, 'INVALID', 0, 0, 0, invalid),
];
