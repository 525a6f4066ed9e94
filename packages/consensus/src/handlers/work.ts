import type { Transition } from '../engine/transition.ts';

/** [I2] Whether this node knows of work: timers and the leader's block follow at the end of the step. */
export function handleWork(t: Transition, pending: boolean): void {
  t.set({ workPending: pending });
}
