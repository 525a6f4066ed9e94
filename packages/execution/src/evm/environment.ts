import type { Address } from '@heddle/types';
import { EMPTY_CODE_HASH } from '@heddle/types';
import type { AccountEntry } from '../world/entries.ts';
import { accountAccessGas } from './access.ts';
import { type Frame, wordCount } from './frame.ts';
import { GAS_BASE, GAS_LOW, GAS_VERY_LOW, innerOperation, type Operation, outerOperation } from './operation.ts';
import { addressToWord, readZeroPadded, wordToAddress } from './words.ts';

/** Yellow paper, appendix G: *COPY operations, a word. */
export const COPY_GAS_PER_WORD = 3;

function address(frame: Frame): void {
  frame.stack.push(addressToWord(frame.account.address));
}

function origin(frame: Frame): void {
  frame.stack.push(addressToWord(frame.machine.origin));
}

function caller(frame: Frame): void {
  frame.stack.push(addressToWord(frame.caller));
}

function callValue(frame: Frame): void {
  frame.stack.push(frame.value);
}

function gasPrice(frame: Frame): void {
  frame.stack.push(frame.machine.gasPrice);
}

function callDataLoad(frame: Frame): void {
  const offset = frame.stack.pop();
  frame.stack.push(readZeroPadded(frame.input, offset));
}

function callDataSize(frame: Frame): void {
  frame.stack.push(BigInt(frame.input.length));
}

function callDataCopy(frame: Frame): void {
  copyToMemory(frame, frame.input);
}

function codeSize(frame: Frame): void {
  frame.stack.push(BigInt(frame.code.bytes.length));
}

function codeCopy(frame: Frame): void {
  copyToMemory(frame, frame.code.bytes);
}

function copyToMemory(frame: Frame, source: Uint8Array): void {
  const target = frame.stack.pop();
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(target, length)) return;
  if (!frame.charge(COPY_GAS_PER_WORD * wordCount(Number(length)))) return;
  frame.memory.writeZeroPadded(Number(target), Number(length), source, offset);
}

/** EIP-211. */
function returnDataSize(frame: Frame): void {
  frame.stack.push(BigInt(frame.returnData.length));
}

/** EIP-211: unlike the other copies it does not pad; reading beyond the end halts. */
function returnDataCopy(frame: Frame): void {
  const target = frame.stack.pop();
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (offset + length > BigInt(frame.returnData.length)) {
    frame.halt('return data out of bounds');
    return;
  }
  if (!frame.expandMemory(target, length)) return;
  if (!frame.charge(COPY_GAS_PER_WORD * wordCount(Number(length)))) return;
  frame.memory.writeZeroPadded(Number(target), Number(length), frame.returnData, offset);
}

/** EIP-2929: pays for the access first; `null` and halted when it cannot. */
function accessAccount(frame: Frame, target: Address): AccountEntry | null {
  return payAccess(frame, target) ? frame.machine.world.account(target) : null;
}

/** As `accessAccount`, for its code alone. */
function accessCode(frame: Frame, target: Address): AccountEntry | null {
  return payAccess(frame, target) ? frame.machine.world.codeAccount(target) : null;
}

function payAccess(frame: Frame, target: Address): boolean {
  const { world } = frame.machine;
  if (!frame.charge(accountAccessGas(world, target))) return false;
  world.warm(target);
  return true;
}

function balance(frame: Frame): void {
  const account = accessAccount(frame, wordToAddress(frame.stack.pop()));
  if (account !== null) frame.stack.push(account.balance);
}

/** EIP-1884. */
function selfBalance(frame: Frame): void {
  frame.stack.push(frame.account.balance);
}

function extCodeSize(frame: Frame): void {
  const account = accessCode(frame, wordToAddress(frame.stack.pop()));
  if (account === null) return;
  frame.stack.push(BigInt(frame.machine.world.codeOf(account).length));
}

function extCodeCopy(frame: Frame): void {
  const source = wordToAddress(frame.stack.pop());
  const target = frame.stack.pop();
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (!frame.expandMemory(target, length)) return;
  if (!frame.charge(COPY_GAS_PER_WORD * wordCount(Number(length)))) return;
  const account = accessCode(frame, source);
  if (account === null) return;
  frame.memory.writeZeroPadded(Number(target), Number(length), frame.machine.world.codeOf(account), offset);
}

/** EIP-1052, EIP-161: 0 for an account that is empty. */
function extCodeHash(frame: Frame): void {
  const account = accessAccount(frame, wordToAddress(frame.stack.pop()));
  if (account === null) return;
  if (account.codeHash !== EMPTY_CODE_HASH) frame.stack.push(BigInt(account.codeHash));
  else frame.stack.push(account.isEmpty() ? 0n : BigInt(EMPTY_CODE_HASH));
}

export const environmentOperations: readonly Operation[] = [
  innerOperation(0x30, 'ADDRESS', GAS_BASE, 0, 1, address),
  outerOperation(0x31, 'BALANCE', 0, 1, 1, balance),
  innerOperation(0x32, 'ORIGIN', GAS_BASE, 0, 1, origin),
  innerOperation(0x33, 'CALLER', GAS_BASE, 0, 1, caller),
  innerOperation(0x34, 'CALLVALUE', GAS_BASE, 0, 1, callValue),
  innerOperation(0x35, 'CALLDATALOAD', GAS_VERY_LOW, 1, 1, callDataLoad),
  innerOperation(0x36, 'CALLDATASIZE', GAS_BASE, 0, 1, callDataSize),
  innerOperation(0x37, 'CALLDATACOPY', GAS_VERY_LOW, 3, 0, callDataCopy),
  innerOperation(0x38, 'CODESIZE', GAS_BASE, 0, 1, codeSize),
  innerOperation(0x39, 'CODECOPY', GAS_VERY_LOW, 3, 0, codeCopy),
  innerOperation(0x3a, 'GASPRICE', GAS_BASE, 0, 1, gasPrice),
  outerOperation(0x3b, 'EXTCODESIZE', 0, 1, 1, extCodeSize),
  outerOperation(0x3c, 'EXTCODECOPY', 0, 4, 0, extCodeCopy),
  innerOperation(0x3d, 'RETURNDATASIZE', GAS_BASE, 0, 1, returnDataSize),
  outerOperation(0x3e, 'RETURNDATACOPY', GAS_VERY_LOW, 3, 0, returnDataCopy),
  outerOperation(0x3f, 'EXTCODEHASH', 0, 1, 1, extCodeHash),
  innerOperation(0x47, 'SELFBALANCE', GAS_LOW, 0, 1, selfBalance),
];
