import type { ValidatorIndex } from '@heddle/types';

/**
 * A moment of a machine's life that leaves something behind: a step of its disk, a frame on the network, a final block
 * that its users see. Between two of them a kill is the same as right before the later one: nothing but these outlives
 * the process. View entry, certificates and finalization are found in what is journaled for them.
 */
export interface CrashPoint {
  readonly machine: ValidatorIndex;
  /** Among the machine's points of a run, from 0. */
  readonly number: number;
  /** `write`: can be torn. `step`: another step of the disk, whole or not at all. */
  readonly kind: 'write' | 'step' | 'frame' | 'report';
  /** With the words of consensus.md. */
  readonly what: string;
  /** Length of a write. */
  readonly bytes: number;
  /** Hash over the trace of all that came before: the same in each run of the seed. */
  readonly moment: string;
}
