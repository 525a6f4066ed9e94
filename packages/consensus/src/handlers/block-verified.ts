import type { Hash } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';
import { tryNotarize } from '../rules/notarize.ts';
import { tryNullify } from '../rules/nullify.ts';

/** [N7] The block of the view's first proposal was executed and stored, or found invalid. */
export function handleBlockVerified(t: Transition, view: bigint, blockHash: Hash, verdict: 'valid' | 'invalid'): void {
  const { proposal: first } = t.view(view);
  if (first === null || first.status !== 'checking' || first.proposal.tuple.blockHash !== blockHash) return;
  t.updateView(view, { proposal: { ...first, status: verdict } });
  if (verdict === 'valid')
    tryNotarize(t); // [N]
  else tryNullify(t, view); // [S4]
}
