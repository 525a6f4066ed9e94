import type { Transition } from '../engine/transition.ts';
import { tryNullify } from '../rules/nullify.ts';

/** [S4] A leader that can't build doesn't let the others wait. */
export function handleBuildFailed(t: Transition, view: bigint): void {
  if (view === t.state.currentView && t.state.round.building !== null) tryNullify(t, view);
}
