import { unreachable } from '@heddle/primitives';
import type { Transition } from '../engine/transition.ts';
import type { TimerKind } from '../input.ts';
import { tryNullify } from '../rules/nullify.ts';
import { isLeader } from '../rules/propose.ts';
import { rebroadcast } from '../rules/rebroadcast.ts';
import { setRetryTimer } from '../rules/timers.ts';

/** [V2] [R1] [I3] A timer of the current view; one that was stopped or belongs to an older view counts for nothing. */
export function handleTimer(t: Transition, timer: TimerKind, view: bigint): void {
  const { currentView, clock } = t.state;
  if (view !== currentView || clock === 'stopped') return;
  switch (timer) {
    case 'proposal':
      if (t.view(view).proposal === null) tryNullify(t, view);
      return;
    case 'notarization':
      tryNullify(t, view);
      return;
    case 'retry':
      retry(t);
      return;
    case 'idle':
      t.setRound({ heartbeat: true }); // [I3] tryBuild follows
      return;
    default:
      unreachable(timer, 'timer');
  }
}

function retry(t: Transition): void {
  if (t.state.clock !== 'running') return;
  t.setRound({ gapsRequested: false }); // [P1] ask again for what is still missing
  if (isLeader(t.state)) t.setRound({ heartbeat: true }); // [I4] a tail that isn't final needs a successor, a waiting follower a block
  rebroadcast(t); // [R2]
  setRetryTimer(t);
}
