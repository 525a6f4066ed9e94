import type { Transition } from '../engine/transition.ts';
import { announceView } from './announce.ts';
import { followLeadersNullify } from './nullify.ts';
import { tryBuild } from './propose.ts';
import { settleClock } from './timers.ts';

/** What may have become possible by any input: the end of every step. Each part does nothing the second time. */
export function settle(t: Transition): void {
  announceView(t); // [V3]
  followLeadersNullify(t); // [S5]
  tryBuild(t); // [P2]
  settleClock(t); // [I1]
}
