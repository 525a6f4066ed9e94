import type { Status, ValidatorIndex } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';
import { helpLaggard } from '../rules/rebroadcast.ts';
import { handleCertificate } from './certificate.ts';

/** [R5] Where another validator stands: learn from it, or help it along. Claims of a higher view count for nothing. */
export function handleStatus(t: Transition, from: ValidatorIndex, status: Status): void {
  if (status.epoch !== t.state.config.epoch) return;
  const { bestFinalization: best } = status;
  if (best !== null && best.kind === 'finalize') handleCertificate(t, from, best);
  const behind = best === null ? 0n : best.tuple.view;
  if (status.currentView < t.state.currentView) {
    helpLaggard(t, from, behind + 1n);
    return;
  }
  const { finalization, finalizedView } = t.state;
  if (finalization === null || behind >= finalizedView) return;
  t.emit({ kind: 'send', to: from, message: { kind: 'certificate', certificate: finalization } });
}
