import { type Frame, type FrameObserver, NO_OBSERVER } from '@heddle/execution';
import type { Address } from '@heddle/types';
import { MAX_CONSOLE_BYTES } from '../limits.ts';

/** Where Hardhat's and Foundry's console.log calls to. Nobody has code there. ASCII 'console.log'. */
export const CONSOLE_ADDRESS: Address = '0x000000000000000000636f6e736f6c652e6c6f67';

/** Collects what code says to the console, reverted or not, in order. */
export class ConsoleObserver implements FrameObserver {
  readonly #inputs: Uint8Array[] = [];
  #bytes = 0;
  readonly frameClosed: FrameObserver['frameClosed'] = NO_OBSERVER.frameClosed;
  readonly frameRefused: FrameObserver['frameRefused'] = NO_OBSERVER.frameRefused;
  readonly selfDestructed: FrameObserver['selfDestructed'] = NO_OBSERVER.selfDestructed;
  readonly logged: FrameObserver['logged'] = NO_OBSERVER.logged;

  frameOpened(frame: Frame): void {
    if (frame.codeAddress !== CONSOLE_ADDRESS || this.#bytes + frame.input.length > MAX_CONSOLE_BYTES) return;
    this.#bytes += frame.input.length + INPUT_OVERHEAD_BYTES;
    // Its own bytes: a result must not take a whole frame's memory with it to another thread.
    this.#inputs.push(frame.input.slice());
  }

  /** The inputs of the calls; those past the limit are missing. */
  get inputs(): readonly Uint8Array[] {
    return this.#inputs;
  }
}

/** An empty one must count as well. */
const INPUT_OVERHEAD_BYTES = 64;
