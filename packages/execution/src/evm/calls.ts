import { type Address, delegationTarget } from '@heddle/types';
import { CALL_DEPTH_LIMIT } from '../limits.ts';
import { isPrecompile } from '../precompiles/index.ts';
import type { AccountEntry } from '../world/entries.ts';
import { accountAccessGas } from './access.ts';
import type { Frame } from './frame.ts';
import { type CallTarget, codeTarget, EMPTY_TARGET, openCall, ownTarget } from './open-frame.ts';
import { type Operation, outerOperation } from './operation.ts';
import { wordToAddress } from './words.ts';

/** Yellow paper: a call that moves value. */
const VALUE_GAS = 9_000;
/** EIP-161: a call that moves value to an empty account. */
const NEW_ACCOUNT_GAS = 25_000;
/** Yellow paper: what the callee gets for free with a value. */
const VALUE_STIPEND = 2_300;

type CallKind = 'CALL' | 'CALLCODE' | 'DELEGATECALL' | 'STATICCALL';

/** The operands, taken off the stack; memory is paid for and readable. */
interface CallOperands {
  readonly kind: CallKind;
  readonly requestedGas: bigint;
  readonly codeAddress: Address;
  /** 0 for DELEGATECALL and STATICCALL. */
  readonly value: bigint;
  readonly inputOffset: number;
  readonly inputLength: number;
  readonly outputOffset: number;
  readonly outputLength: number;
}

function callOperation(kind: CallKind): (frame: Frame) => void {
  return (frame) => {
    const operands = takeOperands(frame, kind);
    if (operands !== null) performCall(frame, operands);
  };
}

function takeOperands(frame: Frame, kind: CallKind): CallOperands | null {
  const { stack } = frame;
  const requestedGas = stack.pop();
  const codeAddress = wordToAddress(stack.pop());
  const value = kind === 'CALL' || kind === 'CALLCODE' ? stack.pop() : 0n;
  const inputOffset = stack.pop();
  const inputLength = stack.pop();
  const outputOffset = stack.pop();
  const outputLength = stack.pop();
  if (kind === 'CALL' && value !== 0n && frame.isStatic) {
    frame.halt('write protection');
    return null;
  }
  if (!frame.expandMemory(inputOffset, inputLength) || !frame.expandMemory(outputOffset, outputLength)) return null;
  return {
    kind,
    requestedGas,
    codeAddress,
    value,
    inputOffset: Number(inputOffset),
    inputLength: Number(inputLength),
    outputOffset: Number(outputOffset),
    outputLength: Number(outputLength),
  };
}

function performCall(frame: Frame, operands: CallOperands): void {
  const { world } = frame.machine;
  const { codeAddress, value } = operands;
  const transferGas = value === 0n ? 0 : VALUE_GAS;
  if (!frame.charge(accountAccessGas(world, codeAddress) + transferGas)) return;
  world.warm(codeAddress);
  const account = paysAccount(operands) ? world.account(codeAddress) : world.codeAccount(codeAddress);
  const delegate = delegationTarget(world.codeOf(account));
  if (delegate !== null) {
    performDelegatedCall(frame, operands, account, delegate);
    return;
  }
  if (payNewAccount(frame, operands, account)) enter(frame, operands, account, ownTarget(frame.machine, account));
}

/** EIP-7702: the called account's code is that of `delegate`, whose access is paid too. */
function performDelegatedCall(frame: Frame, operands: CallOperands, account: AccountEntry, delegate: Address): void {
  const { world } = frame.machine;
  if (!payNewAccount(frame, operands, account)) return;
  if (!frame.charge(accountAccessGas(world, delegate))) return;
  world.warm(delegate);
  const codeAccount = world.codeAccount(delegate);
  enter(frame, operands, account, isPrecompile(delegate) ? EMPTY_TARGET : codeTarget(frame.machine, codeAccount));
}

/** Whether the called account gets value, and so is more to the caller than its code. */
function paysAccount({ kind, value }: CallOperands): boolean {
  return kind === 'CALL' && value !== 0n;
}

function payNewAccount(frame: Frame, operands: CallOperands, account: AccountEntry): boolean {
  const isNew = paysAccount(operands) && account.isEmpty();
  return !isNew || frame.charge(NEW_ACCOUNT_GAS);
}

/** Everything but the forwarded gas is paid. */
function enter(frame: Frame, operands: CallOperands, account: AccountEntry, target: CallTarget): void {
  const { kind, value } = operands;
  // EIP-150: all but one 64th.
  const available = frame.gas - Math.floor(frame.gas / 64);
  const forwarded = operands.requestedGas < BigInt(available) ? Number(operands.requestedGas) : available;
  const gas = forwarded + (value === 0n ? 0 : VALUE_STIPEND);
  frame.gas -= forwarded;
  const input = frame.memory.read(operands.inputOffset, operands.inputLength);
  const isTooDeep = frame.depth >= CALL_DEPTH_LIMIT;
  if (isTooDeep || frame.account.balance < value) {
    const reason = isTooDeep ? 'max call depth exceeded' : 'insufficient balance for transfer';
    frame.machine.observer.frameRefused(frame, { kind, to: operands.codeAddress, value, input, gas, reason });
    frame.gas += gas;
    frame.returnData = new Uint8Array(0);
    frame.stack.push(0n);
    return;
  }
  const isOwnContext = kind === 'CALLCODE' || kind === 'DELEGATECALL';
  frame.child = openCall({
    machine: frame.machine,
    parent: frame,
    kind,
    codeAddress: operands.codeAddress,
    account: isOwnContext ? frame.account : account,
    caller: kind === 'DELEGATECALL' ? frame.caller : frame.account.address,
    value: kind === 'DELEGATECALL' ? frame.value : value,
    valueMode: isOwnContext ? 'none' : 'transfer',
    input,
    target,
    gas,
    isStatic: frame.isStatic || kind === 'STATICCALL',
    outputOffset: operands.outputOffset,
    outputLength: operands.outputLength,
  });
  frame.status = 'calling';
}

export const callOperations: readonly Operation[] = [
  outerOperation(0xf1, 'CALL', 0, 7, 1, callOperation('CALL')),
  outerOperation(0xf2, 'CALLCODE', 0, 7, 1, callOperation('CALLCODE')),
  outerOperation(0xf4, 'DELEGATECALL', 0, 6, 1, callOperation('DELEGATECALL')),
  outerOperation(0xfa, 'STATICCALL', 0, 6, 1, callOperation('STATICCALL')),
];
