import type { ValidatorIndex, Vote } from '@heddle/types';
import { epochOf, isPlausibleTuple, viewOf } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import { VOTE_WINDOW_ABOVE_CURRENT } from '../limits.ts';
import { oldestView } from '../rules/finalize.ts';
import { helpLaggard } from '../rules/rebroadcast.ts';
import { collectVote } from '../rules/votes.ts';

/** [W1] [W3] A vote from its signer. */
export function handleVote(t: Transition, from: ValidatorIndex, vote: Vote): void {
  const { config, currentView, finalizedView } = t.state;
  const view = viewOf(vote);
  if (vote.signer !== from || epochOf(vote) !== config.epoch || view < 1n) return; // first-hand only: no one else can fill its slot
  if (vote.kind !== 'nullify' && !isPlausibleTuple(vote.tuple, config.epoch)) return;
  if (view > currentView + VOTE_WINDOW_ABOVE_CURRENT) return; // [W1]
  const stale = view < oldestView(finalizedView);
  const repeated = stale || t.view(view).votes[vote.kind].has(from);
  if (!stale) collectVote(t, vote);
  if (repeated && isSettled(t, vote)) helpLaggard(t, from, view); // [R3] it says so again: it lacks what we have
}

/** Whether this node has what the vote is meant to bring about. */
function isSettled(t: Transition, vote: Vote): boolean {
  if (viewOf(vote) <= t.state.finalizedView) return true;
  return vote.kind !== 'finalize' && viewOf(vote) < t.state.currentView;
}
