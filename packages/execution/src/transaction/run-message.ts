import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { type AccessList, type Address, delegationTarget } from '@heddle/types';
import { createAddress } from '../evm/creates.ts';
import type { Frame } from '../evm/frame.ts';
import type { Machine } from '../evm/machine.ts';
import { codeTarget, EMPTY_TARGET, isCreationBlocked, openCall, openCreation, ownTarget } from '../evm/open-frame.ts';
import { runFrames } from '../evm/run-frames.ts';
import { isPrecompile } from '../precompiles/index.ts';

/** The outermost call or creation of a transaction. Gas was charged up to here; the nonce is used. */
export interface EvmMessage {
  readonly from: Address;
  /** `null` creates a contract at the address of `creationNonce`. */
  readonly to: Address | null;
  readonly creationNonce: bigint;
  readonly value: bigint;
  /** Whether the value comes off `from` (false: it arrived with a message). */
  readonly takesValue: boolean;
  readonly data: Uint8Array;
  readonly gas: number;
  readonly accessList: AccessList;
}

export interface MessageResult {
  readonly status: 'success' | 'reverted' | 'halted';
  readonly gasLeft: number;
  readonly output: Uint8Array;
  readonly createdAddress: Address | null;
  /** Why it failed, in geth's words; empty on success. */
  readonly reason: string;
}

/**
 * Runs the message to its end. On failure nothing of it stays but warm-up at transaction level. Code looks at the world
 * from where the sender's account is; throws `RemoteTouchError` as `runFrames`.
 */
export function runMessage(machine: Machine, message: EvmMessage): MessageResult {
  warmUp(machine, message);
  return message.to === null ? runCreation(machine, message) : runCall(machine, message, message.to);
}

/** EIP-2929, EIP-2930, EIP-3651. Warming reads nothing, so it lists nothing (EIP-7928). */
function warmUp(machine: Machine, message: EvmMessage): void {
  const { world, environment } = machine;
  world.warm(message.from);
  world.warm(environment.coinbase);
  if (message.to !== null) world.warm(message.to);
  for (const { address, storageKeys } of message.accessList) {
    world.warm(address);
    for (const key of storageKeys) world.warmUnreadSlot(address, BigInt(key));
  }
}

function runCall(machine: Machine, message: EvmMessage, to: Address): MessageResult {
  const { world } = machine;
  const account = message.value === 0n ? world.codeAccount(to) : world.account(to);
  const delegate = delegationTarget(world.codeOf(account));
  let target = ownTarget(machine, account);
  if (delegate !== null) {
    world.warm(delegate);
    const codeAccount = world.codeAccount(delegate);
    target = isPrecompile(delegate) ? EMPTY_TARGET : codeTarget(machine, codeAccount);
  }
  const frame = openCall({
    machine,
    parent: null,
    kind: 'CALL',
    codeAddress: to,
    account,
    caller: message.from,
    value: message.value,
    valueMode: message.takesValue ? 'transfer' : 'arrive',
    input: message.data,
    target,
    gas: message.gas,
    isStatic: false,
    outputOffset: 0,
    outputLength: 0,
  });
  runFrames(frame);
  return describeResult(frame, null);
}

function runCreation(machine: Machine, message: EvmMessage): MessageResult {
  const { world } = machine;
  const address = createAddress(message.from, message.creationNonce);
  world.warm(address);
  const account = world.account(address);
  if (isCreationBlocked(world, account)) return failure('halted', 0, 'contract address collision');
  const frame = openCreation({
    machine,
    parent: null,
    kind: 'CREATE',
    account,
    creator: world.account(message.from),
    value: message.value,
    initCode: message.data,
    gas: message.gas,
  });
  runFrames(frame);
  return describeResult(frame, address);
}

function describeResult(frame: Frame, createdAddress: Address | null): MessageResult {
  const { gas: gasLeft, output } = frame;
  switch (frame.status) {
    case 'returned':
      return { status: 'success', gasLeft, output, createdAddress, reason: '' };
    case 'reverted':
      return { ...failure('reverted', gasLeft, 'execution reverted'), output };
    case 'halted':
      return failure('halted', 0, frame.haltReason ?? 'out of gas');
    default:
      throw new ImpossibleStateError('the outermost frame ended without an end');
  }
}

function failure(status: 'reverted' | 'halted', gasLeft: number, reason: string): MessageResult {
  return { status, gasLeft, output: EMPTY_BYTES, createdAddress: null, reason };
}
