import { bestParent } from '../engine/ancestry.ts';
import { leaderOf } from '../engine/leaders.ts';
import type { Transition } from '../engine/transition.ts';

/**
 * [V3] Says which view is current and on what its block should stand, so that chunks can be built ahead; again when a
 * late notarization gives a better parent and no proposal has settled the matter.
 */
export function announceView(t: Transition): void {
  const { currentView: view, round, config } = t.state;
  const parent = bestParent(t.state, view);
  const { announcedParent: told, building } = round;
  const decided = building !== null || t.view(view).proposal !== null;
  if (told !== null && (decided || told.parentView === parent.parentView)) return;
  t.setRound({ announcedParent: parent });
  t.emit({ kind: 'enterView', view, leader: leaderOf(config.leaders, view), ...parent });
}
