import { EMPTY_BYTES } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { EMPTY_CODE_HASH } from '@heddle/types';
import { WorkBoundError } from '../errors.ts';
import { isPrompt, precompileAt } from '../precompiles/index.ts';
import type { Precompile } from '../precompiles/precompile.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { World } from '../world/world.ts';
import { analyseCode, executableCode } from './code.ts';
import { Frame, type FrameKind } from './frame.ts';
import type { Machine } from './machine.ts';
import { UNBOUNDED } from './observer.ts';

/** The code that a call runs. A precompile reached through a delegation is empty code (EIP-7702). */
export type CallTarget =
  | { readonly kind: 'code'; readonly bytes: Uint8Array; readonly codeHash: Hash }
  | { readonly kind: 'precompile'; readonly precompile: Precompile };

/** Code without a byte. */
export const EMPTY_TARGET: CallTarget = { kind: 'code', bytes: EMPTY_BYTES, codeHash: EMPTY_CODE_HASH };

const NO_CODE = analyseCode(EMPTY_BYTES, false);

export interface CallOptions {
  readonly machine: Machine;
  readonly parent: Frame | null;
  readonly kind: Exclude<FrameKind, 'CREATE' | 'CREATE2'>;
  readonly codeAddress: Address;
  /** Whose storage and balance the code works on. */
  readonly account: AccountEntry;
  readonly caller: Address;
  readonly value: bigint;
  /** 'transfer': from the caller; 'arrive': it came with a message; 'none': CALLCODE, DELEGATECALL. */
  readonly valueMode: 'transfer' | 'arrive' | 'none';
  readonly input: Uint8Array;
  readonly target: CallTarget;
  readonly gas: number;
  readonly isStatic: boolean;
  readonly outputOffset: number;
  readonly outputLength: number;
}

/** Opens a call's frame and moves its value. The caller has checked depth and balance. A precompile is done at once. */
export function openCall(options: CallOptions): Frame {
  const { target } = options;
  const code = target.kind === 'code' ? executableCode(target.bytes, target.codeHash) : NO_CODE;
  const frame = new Frame({ ...options, code });
  moveValue(options);
  if (target.kind === 'precompile') runPrecompile(frame, target.precompile);
  else if (target.bytes.length === 0) frame.status = 'returned';
  return frame;
}

function moveValue(options: CallOptions): void {
  const { world } = options.machine;
  if (options.value === 0n || options.valueMode === 'none') return;
  if (options.valueMode === 'transfer') world.subtractBalance(options.caller, options.value);
  world.setBalance(options.account, options.account.balance + options.value);
}

function runPrecompile(frame: Frame, precompile: Precompile): void {
  // The machine says whether work is bounded: the floor of a frame with little gas is 0 all the same.
  if (frame.machine.workGas < UNBOUNDED && !isPrompt(precompile)) throw new WorkBoundError();
  if (!frame.charge(precompile.gas(frame.input))) return;
  const output = precompile.run(frame.input);
  if (output === null) {
    frame.halt('precompile failed');
    return;
  }
  frame.output = output;
  frame.status = 'returned';
}

/** What a plain call of `account` runs, its own code being no delegation. */
export function ownTarget(machine: Machine, account: AccountEntry): CallTarget {
  const precompile = precompileAt(account.address);
  return precompile === null ? codeTarget(machine, account) : { kind: 'precompile', precompile };
}

export function codeTarget(machine: Machine, account: AccountEntry): CallTarget {
  return { kind: 'code', bytes: machine.world.codeOf(account), codeHash: account.codeHash };
}

export interface CreationOptions {
  readonly machine: Machine;
  readonly parent: Frame | null;
  readonly kind: 'CREATE' | 'CREATE2';
  readonly account: AccountEntry;
  readonly creator: AccountEntry;
  readonly value: bigint;
  readonly initCode: Uint8Array;
  readonly gas: number;
}

/**
 * Opens the frame of a creation: the new account is marked, gets its nonce (EIP-161) and the value, and resides with its
 * creator from here on, all of it undone if the creation fails. The caller has checked depth, balance and collision.
 */
export function openCreation(options: CreationOptions): Frame {
  const { machine, account, creator } = options;
  const { world } = machine;
  const frame = new Frame({
    ...options,
    codeAddress: account.address,
    caller: creator.address,
    input: EMPTY_BYTES,
    code: analyseCode(options.initCode, false),
    isStatic: false,
    outputOffset: 0,
    outputLength: 0,
  });
  world.markCreated(account);
  world.resideWith(account, creator);
  world.setNonce(account.address, 1n);
  if (options.value !== 0n) {
    world.subtractBalance(creator.address, options.value);
    world.addBalance(account.address, options.value);
  }
  return frame;
}

/** Whether a contract cannot be created at `account`: a nonce, code or storage is there (EIP-684, EIP-7610). */
export function isCreationBlocked(world: World, account: AccountEntry): boolean {
  return account.nonce !== 0n || world.codeOf(account).length > 0 || world.hasParentStorage(account);
}
