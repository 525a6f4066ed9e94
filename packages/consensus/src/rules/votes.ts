import { assert } from '@heddle/primitives';
import { quorum, type ValidatorIndex, type Vote } from '@heddle/types';
import { heldCertificate } from '../engine/state.ts';
import { sameSubject, viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { accuseSupporter, accuseVoter } from './evidence.ts';

/** Stores a vote whose sender is its signer, and sees whether it completes a quorum. Its signature may be bad. */
export function collectVote(t: EngineTransition, vote: Vote): void {
  accuseVoter(t, vote); // [E2] [E3] [E4]
  accuseSupporter(t, vote); // [E5]
  const view = viewOf(vote);
  const { votes } = t.view(view);
  if (votes[vote.kind].has(vote.signer)) return; // [W3] never overwrite a stored vote
  t.updateView(view, { votes: { ...votes, [vote.kind]: votes[vote.kind].with(vote) } });
  tally(t, vote);
}

/** [C1] At q equal votes: have them aggregated and verified, once for all of them. */
export function tally(t: EngineTransition, subject: Vote): void {
  const view = viewOf(subject);
  const record = t.view(view);
  if (view <= t.state.finalizedView || heldCertificate(record, subject.kind) !== null) return;
  if (record.aggregating.has(subject.kind)) return;
  const needed = quorum(t.state.config.validatorCount);
  const ofKind = record.votes[subject.kind];
  if (ofKind.size < needed) return; // most votes end here, without a look at the others
  const votes = ofKind.values().filter((vote) => sameSubject(vote, subject));
  if (votes.length < needed) return;
  t.updateView(view, { aggregating: new Set(record.aggregating).add(subject.kind) });
  t.emit({ kind: 'aggregate', requestId: t.open({ kind: 'aggregate', votes }), votes });
}

/** [C2] Drops what `badSigners` said, and tries again if a quorum is there without them (or came meanwhile). */
export function discardVotes(t: EngineTransition, subject: Vote, badSigners: readonly ValidatorIndex[]): void {
  assert(badSigners.length > 0, 'a quorum that does not verify has at least one bad signature');
  const view = viewOf(subject);
  const { votes } = t.view(view);
  const kept = votes[subject.kind].without(badSigners);
  t.updateView(view, { votes: { ...votes, [subject.kind]: kept } });
  for (const vote of distinct(kept.values())) tally(t, vote);
}

/** One vote of each subject. */
function distinct(votes: readonly Vote[]): readonly Vote[] {
  return votes.filter((vote, index) => votes.findIndex((other) => sameSubject(other, vote)) === index);
}
