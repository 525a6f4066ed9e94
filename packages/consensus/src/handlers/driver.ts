import { unreachable } from '@heddle/primitives';
import type { EngineTransition } from '../engine/transition.ts';
import type { TimerKind } from '../input.ts';
import { reportFinalized } from '../rules/finality.ts';
import { tryFinalize, tryNullify } from '../rules/own-votes.ts';
import { isLeader } from '../rules/propose.ts';
import { rebroadcast, statusOf } from '../rules/rebroadcast.ts';
import { setRetryTimer } from '../rules/timers.ts';

/** [D3] Takes up the current view, fresh or after a recovery: nothing was sent while the journal was replayed. */
export function handleStart(t: EngineTransition): void {
  t.set({ started: true });
  reportFinalized(t);
  t.emit({ kind: 'broadcast', message: { kind: 'status', status: statusOf(t.state) } }); // [R5]
  rebroadcast(t); // reinjects own votes into the tally too
  for (const view of [...t.state.views.keys()].sort(ascending)) tryFinalize(t, view);
  resumeProposal(t);
}

/** The execution of the view's block was lost with the process. */
function resumeProposal(t: EngineTransition): void {
  const { currentView: view } = t.state;
  const { proposal: first, ownNotarize } = t.view(view);
  if (first === null || first.status !== 'checking' || ownNotarize !== null) return;
  const { tuple, block, leaderNotarize } = first.proposal;
  t.emit({ kind: 'verifyBlock', view, from: leaderNotarize.signer, tuple, block });
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}

/** [V2] [R1] [I3] A timer of the current view; one that was stopped or belongs to an older view counts for nothing. */
export function handleTimer(t: EngineTransition, timer: TimerKind, view: bigint): void {
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

function retry(t: EngineTransition): void {
  if (t.state.clock !== 'running') return;
  t.setRound({ gapsRequested: false }); // [P1] ask again for what is still missing
  if (isLeader(t.state)) t.setRound({ heartbeat: true }); // [I4] a tail that isn't final needs a successor, a waiting follower a block
  rebroadcast(t); // [R2]
  setRetryTimer(t);
}

/** [I2] Whether this node knows of work: timers and the leader's block follow at the end of the step. */
export function handleWork(t: EngineTransition, pending: boolean): void {
  t.set({ workPending: pending });
}
