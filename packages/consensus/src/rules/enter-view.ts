import { FRESH_ROUND } from '../engine/state.ts';
import type { Transition } from '../engine/transition.ts';

/**
 * [V1] Moves to a higher view. What the view starts with (announcement, proposal, timers) follows at the end of the
 * step, in settle.ts: one input may pass several views, and only the last one counts.
 */
export function advanceTo(t: Transition, view: bigint): void {
  if (view <= t.state.currentView) return;
  // [I2] Work is judged on the new parent: what was pending may be in the block that has just been notarized.
  t.set({ currentView: view, workPending: false });
  t.setRound(FRESH_ROUND);
}
