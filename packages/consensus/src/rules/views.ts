import { bestParent } from '../engine/ancestry.ts';
import { leaderOf } from '../engine/leaders.ts';
import { FRESH_ROUND } from '../engine/state.ts';
import type { EngineTransition } from '../engine/transition.ts';

/**
 * [V1] Moves to a higher view. What the view starts with (announcement, proposal, timers) follows at the end of the
 * step, when it settles: one input may pass several views, and only the last one counts.
 */
export function advanceTo(t: EngineTransition, view: bigint): void {
  if (view <= t.state.currentView) return;
  // [I2] Work is judged on the new parent: what was pending may be in the block that has just been notarized.
  t.set({ currentView: view, workPending: false });
  t.setRound(FRESH_ROUND);
}

/**
 * [V3] Says which view is current and on what its block should stand, so that chunks can be built ahead; again when a
 * late notarization gives a better parent and no proposal has settled the matter.
 */
export function announceView(t: EngineTransition): void {
  const { currentView: view, round, config } = t.state;
  const parent = bestParent(t.state, view);
  const { announcedParent: told, building } = round;
  const decided = building !== null || t.view(view).proposal !== null;
  if (told !== null && (decided || told.parentView === parent.parentView)) return;
  t.setRound({ announcedParent: parent });
  t.emit({ kind: 'enterView', view, leader: leaderOf(config.leaders, view), ...parent });
}
