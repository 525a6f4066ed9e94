import {
  type FrameObserver,
  type StepObserver,
  type Watch,
  type World,
  watchFrames,
  watchSteps,
} from '@heddle/execution';
import type { Address, Hash } from '@heddle/types';
import type { JsonText } from './json-text.ts';

/** What is traced: a transaction, or a call that is none. */
export interface TracedMessage {
  readonly from: Address;
  /** Null creates a contract. */
  readonly to: Address | null;
  /** Wei. */
  readonly value: bigint;
  readonly input: Uint8Array;
  /** Of the whole transaction. */
  readonly gasLimit: number;
  /** Where it stands; null for a call that is no transaction. */
  readonly place: TracedPlace | null;
}

export interface TracedPlace {
  readonly transactionHash: Hash;
  readonly blockHash: Hash;
  readonly blockNumber: bigint;
  /** In the block. */
  readonly transactionIndex: number;
  /** Of its first log in the block. */
  readonly firstLogIndex: number;
}

/** How it ended. */
export interface TraceEnd {
  /** What its receipt says. */
  readonly gasUsed: number;
  /** Why it failed, in geth's words; null when it succeeded. */
  readonly failure: string | null;
  /** What it returned or reverted with. */
  readonly output: Uint8Array;
  /** As it is after the transaction, whose touches it still knows. */
  readonly world: World;
  /** Whom the tip goes to in this part of the block; null if that is not done here. */
  readonly coinbase: Address | null;
}

/** Sees one execution and tells of it in JSON. */
export interface Tracer {
  readonly frames: FrameObserver;
  /** Null if it does not look at single operations. */
  readonly steps: StepObserver | null;
  /** Writes its result, once. */
  finish(end: TraceEnd, out: JsonText): void;
}

/** How to execute for `tracer` to see it. */
export function watchOf({ frames, steps }: Pick<Tracer, 'frames' | 'steps'>): Watch {
  if (steps === null) return watchFrames(frames);
  return watchSteps({
    frameOpened: (frame) => frames.frameOpened(frame),
    frameClosed: (frame) => frames.frameClosed(frame),
    frameRefused: (parent, refused) => frames.frameRefused(parent, refused),
    selfDestructed: (frame, beneficiary, wei) => frames.selfDestructed(frame, beneficiary, wei),
    logged: (frame, log) => frames.logged(frame, log),
    beforeStep: (frame, opcode) => steps.beforeStep(frame, opcode),
    afterStep: (frame) => steps.afterStep(frame),
  });
}
