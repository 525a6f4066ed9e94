import type { Address, Log } from '@heddle/types';
import type { Frame, FrameKind } from './frame.ts';

/**
 * Watches what runs, and never changes it. Tracers are made of it. A frame's stack and memory are its own only until
 * `frameClosed` returns. What it throws ends the execution; nobody may use its world afterwards.
 */
export interface FrameObserver {
  /** Its value has moved. A precompile, or a call without code, is done already: `gas` is what it left. */
  frameOpened(frame: Frame): void;
  /** Undone if it failed; a new contract's code is deposited. `output` and `gas` are what the opener gets. */
  frameClosed(frame: Frame): void;
  /** A call or creation that `parent` paid for and that never began: the parent finds a 0 on its stack. */
  frameRefused(parent: Frame, refused: RefusedFrame): void;
  /** `wei` is what the beneficiary got, 0 when that is the contract itself. */
  selfDestructed(frame: Frame, beneficiary: Address, wei: bigint): void;
  logged(frame: Frame, log: Log): void;
}

export interface RefusedFrame {
  readonly kind: FrameKind;
  /** Callee, or where the contract would have been. */
  readonly to: Address;
  readonly value: bigint;
  readonly input: Uint8Array;
  /** What it would have had. All of it comes back, but for a collision. */
  readonly gas: number;
  /** geth's words. */
  readonly reason:
    | 'max call depth exceeded'
    | 'insufficient balance for transfer'
    | 'nonce uint64 overflow'
    | 'contract address collision';
}

/** Watches each operation; see `stepObserved`. */
export interface StepObserver {
  /** Before `opcode` is looked at: it may be invalid, or lack stack or gas. */
  beforeStep(frame: Frame, opcode: number): void;
  /** It ran, halted the frame, or opened a child. */
  afterStep(frame: Frame): void;
}

/** `workGas` of what may take as long as it takes: more than any gas limit. */
export const UNBOUNDED: number = Number.MAX_SAFE_INTEGER;

export const NO_OBSERVER: FrameObserver = {
  frameOpened: () => {},
  frameClosed: () => {},
  frameRefused: () => {},
  selfDestructed: () => {},
  logged: () => {},
};
