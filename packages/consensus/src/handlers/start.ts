import type { Transition } from '../engine/transition.ts';
import { reportFinalized, tryFinalize } from '../rules/finalize.ts';
import { rebroadcast, statusOf } from '../rules/rebroadcast.ts';

/** [D3] Takes up the current view, fresh or after a recovery: nothing was sent while the journal was replayed. */
export function handleStart(t: Transition): void {
  t.set({ started: true });
  reportFinalized(t);
  t.emit({ kind: 'broadcast', message: { kind: 'status', status: statusOf(t.state) } }); // [R5]
  rebroadcast(t); // reinjects own votes into the tally too
  for (const view of [...t.state.views.keys()].sort(ascending)) tryFinalize(t, view);
  resumeProposal(t);
}

/** The execution of the view's block was lost with the process. */
function resumeProposal(t: Transition): void {
  const { currentView: view } = t.state;
  const { proposal: first, ownNotarize } = t.view(view);
  if (first === null || first.status !== 'checking' || ownNotarize !== null) return;
  const { tuple, block, leaderNotarize } = first.proposal;
  t.emit({ kind: 'verifyBlock', view, from: leaderNotarize.signer, tuple, block });
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}
