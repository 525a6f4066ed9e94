import type { ValidatorIndex } from '@heddle/types';
import { certificatesOf } from '../engine/state.ts';
import type { Transition } from '../engine/transition.ts';

/** [R4] Answers with what is held of the view, or with the finalization that makes it irrelevant. */
export function handleCertificateRequest(t: Transition, from: ValidatorIndex, view: bigint): void {
  const { finalization, finalizedView } = t.state;
  const held = certificatesOf(t.view(view));
  const answer = held.length === 0 && finalization !== null && view <= finalizedView ? [finalization] : held;
  for (const certificate of answer) t.emit({ kind: 'send', to: from, message: { kind: 'certificate', certificate } });
}
