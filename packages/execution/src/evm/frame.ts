import { EMPTY_BYTES } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { WorkBoundError } from '../errors.ts';
import { MAX_MEMORY_BYTES } from '../limits.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { ExecutableCode } from './code.ts';
import type { HaltReason } from './halt.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import type { Stack } from './stack.ts';
import { takeWorkspace, type Workspace } from './workspace.ts';

const MEMORY_LIMIT = BigInt(MAX_MEMORY_BYTES);

/** 'calling': waits for `child`. 'returned', 'reverted' and 'halted' are ends. */
export type FrameStatus = 'running' | 'calling' | 'returned' | 'reverted' | 'halted';

/** What opened a frame. The outermost one is a CALL or a CREATE. */
export type FrameKind = 'CALL' | 'CALLCODE' | 'DELEGATECALL' | 'STATICCALL' | 'CREATE' | 'CREATE2';

/** What a frame is opened with. */
export interface FrameOptions {
  readonly machine: Machine;
  /** `null` for the outermost frame. */
  readonly parent: Frame | null;
  readonly kind: FrameKind;
  /** Whom the call names, which is another account than ADDRESS for DELEGATECALL and CALLCODE; the new contract. */
  readonly codeAddress: Address;
  /** Whose storage and balance the code works on: ADDRESS. */
  readonly account: AccountEntry;
  /** CALLER. */
  readonly caller: Address;
  /** CALLVALUE, wei. */
  readonly value: bigint;
  readonly input: Uint8Array;
  readonly code: ExecutableCode;
  readonly gas: number;
  readonly isStatic: boolean;
  /** Where in the parent's memory the output goes. */
  readonly outputOffset: number;
  readonly outputLength: number;
}

/** One running call or creation. Frames are linked by `parent`, so depth never uses the JavaScript stack. */
export class Frame {
  readonly machine: Machine;
  readonly parent: Frame | null;
  readonly depth: number;
  readonly kind: FrameKind;
  readonly codeAddress: Address;
  readonly account: AccountEntry;
  readonly caller: Address;
  readonly value: bigint;
  readonly input: Uint8Array;
  readonly code: ExecutableCode;
  readonly isStatic: boolean;
  readonly isCreation: boolean;
  readonly outputOffset: number;
  readonly outputLength: number;
  /** What to revert to when it fails. */
  readonly worldMark: number;

  /** Given back when the frame is closed (`runFrames`). */
  readonly workspace: Workspace = takeWorkspace();
  readonly stack: Stack = this.workspace.stack;
  readonly memory: Memory = this.workspace.memory;
  pc = 0;
  gas: number;
  readonly gasAtStart: number;
  /** With less gas than this the machine has done all the work that it may; 0 where that is not bounded. */
  readonly gasFloor: number;
  status: FrameStatus = 'running';
  /** Of the last call that this frame made: RETURNDATA. */
  returnData: Uint8Array = EMPTY_BYTES;
  /** What it returned or reverted with. */
  output: Uint8Array = EMPTY_BYTES;
  haltReason: HaltReason | null = null;
  /** Gas that the charge asked for which it could not pay; for tracers. */
  unpaid = 0;
  child: Frame | null = null;

  constructor(options: FrameOptions) {
    this.machine = options.machine;
    this.parent = options.parent;
    this.depth = options.parent === null ? 0 : options.parent.depth + 1;
    this.kind = options.kind;
    this.codeAddress = options.codeAddress;
    this.account = options.account;
    this.caller = options.caller;
    this.value = options.value;
    this.input = options.input;
    this.code = options.code;
    this.gas = options.gas;
    this.gasAtStart = options.gas;
    this.gasFloor = floorOf(options);
    this.isStatic = options.isStatic;
    this.isCreation = options.kind === 'CREATE' || options.kind === 'CREATE2';
    this.outputOffset = options.outputOffset;
    this.outputLength = options.outputLength;
    this.worldMark = options.machine.world.snapshot();
  }

  halt(reason: HaltReason): void {
    this.status = 'halted';
    this.haltReason = reason;
  }

  /** Takes `cost` off the gas; false and halted when there is not enough. */
  charge(cost: number): boolean {
    const left = this.gas - cost;
    if (left < this.gasFloor) return this.#cannotPay(cost);
    this.gas = left;
    return true;
  }

  /** Want of gas halts the frame, as it would without a bound. */
  #cannotPay(cost: number): boolean {
    if (this.gas >= cost) throw new WorkBoundError();
    this.unpaid = cost;
    this.halt('out of gas');
    return false;
  }

  /** Charges for and makes readable `[offset, offset + length)`; false and halted when out of gas. */
  expandMemory(offset: bigint, length: bigint): boolean {
    if (length === 0n) return true;
    if (offset > MEMORY_LIMIT || length > MEMORY_LIMIT) {
      this.halt('out of gas');
      return false;
    }
    return this.#growTo(Number(offset) + Number(length));
  }

  /** As `expandMemory` for a word; its offset as a number, or −1. */
  reachWord(offset: bigint): number {
    if (offset > MEMORY_LIMIT) {
      this.halt('out of gas');
      return -1;
    }
    const at = Number(offset);
    return at + 32 <= this.memory.size || this.#growTo(at + 32) ? at : -1;
  }

  #growTo(end: number): boolean {
    const before = this.memory.size;
    if (end <= before) return true;
    const size = Math.ceil(end / 32) * 32;
    if (!this.charge(memoryGas(size) - memoryGas(before))) return false;
    this.memory.grow(size);
    return true;
  }
}

/** What the opener may still use is what its child may: the opener's gas is without the child's by now. */
function floorOf({ machine: { workGas }, parent, gas }: FrameOptions): number {
  if (parent === null) return gas > workGas ? gas - workGas : 0;
  return parent.gasFloor > parent.gas ? parent.gasFloor - parent.gas : 0;
}

/** Yellow paper, appendix H: 3 a word plus words² / 512. */
function memoryGas(bytes: number): number {
  const words = bytes / 32;
  return words * 3 + Math.floor((words * words) / 512);
}

/** Words that `bytes` take up, the last one perhaps in part. */
export function wordCount(bytes: number): number {
  return Math.ceil(bytes / 32);
}
