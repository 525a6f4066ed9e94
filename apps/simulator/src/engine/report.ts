import type { ValidatorIndex } from '@heddle/types';

/** What one run came to. Equal seeds give equal reports. */
export interface EngineReport {
  readonly scenario: string;
  readonly seed: number;
  /** Validators. */
  readonly n: number;
  /** Validators that break the rules: twins and actors. */
  readonly faulty: readonly ValidatorIndex[];
  /** Final blocks. */
  readonly blocks: number;
  /** Highest view that an honest validator entered. */
  readonly views: number;
  readonly crashes: number;
  /** Copies put on the network, those lost included. */
  readonly messages: number;
  /** Inputs given to engines. */
  readonly steps: number;
  /** Virtual milliseconds. */
  readonly elapsedMs: number;
  /** 16 hexadecimal digits over every step of every engine. */
  readonly traceHash: string;
}
