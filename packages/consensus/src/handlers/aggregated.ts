import { assert } from '@heddle/primitives';
import { viewOf } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import type { Input } from '../input.ts';
import { blockPeer } from '../rules/blocking.ts';
import { acceptCertificate } from '../rules/certificates.ts';
import { oldestView } from '../rules/finalize.ts';
import { discardVotes } from '../rules/votes.ts';

type Aggregation = Extract<Input, { readonly kind: 'aggregated' }>['result'];

/** [C1] [C2] A quorum's signatures became a certificate, or some of them are bad. */
export function handleAggregated(t: Transition, requestId: number, result: Aggregation): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'aggregate', `request ${requestId} was not to aggregate`);
  const [subject] = pending.votes;
  assert(subject !== undefined, 'a quorum is at least one vote');
  const view = viewOf(subject);
  if (view < oldestView(t.state.finalizedView)) return; // [W1]
  const aggregating = new Set(t.view(view).aggregating);
  aggregating.delete(subject.kind);
  t.updateView(view, { aggregating });
  if (result.ok) {
    acceptCertificate(t, result.certificate, 'assembled'); // [C3]
    return;
  }
  for (const peer of result.badSigners) blockPeer(t, peer, `vote: bad signature in view ${view}`); // [C4]
  discardVotes(t, subject, result.badSigners); // [C2]
}
