import type { Certificate, ValidatorIndex } from '@heddle/types';
import { certificatesOf, heldCertificate, type ViewRecord } from '../engine/state.ts';
import { epochOf, sameSubject, viewOf } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import { conflicting } from '../evidence/conflicts.ts';
import { MAX_CERTIFICATE_CHECKS_PER_PEER, MAX_CHECKS_PER_CERTIFICATE } from '../limits.ts';
import { blockPeer } from '../rules/blocking.ts';
import { isWellFormed } from '../rules/certificates.ts';

/** [C3] A certificate from anyone: verified before use, unless it says nothing new. */
export function handleCertificate(t: Transition, from: ValidatorIndex, certificate: Certificate): void {
  const { config, finalizedView } = t.state;
  if (epochOf(certificate) !== config.epoch) return;
  if (!isNews(certificate, t.view(viewOf(certificate)), finalizedView)) return;
  if (!isWellFormed(certificate, config.epoch, config.validatorCount)) {
    blockPeer(t, from, 'certificate: malformed'); // [C4]
    return;
  }
  if (isBusy(t, from, certificate)) return;
  t.emit({
    kind: 'verifyCertificate',
    requestId: t.open({ kind: 'verifyCertificate', from, certificate }),
    certificate,
  });
}

/** [W2] Above the finalized view: what is not held. At or below it: only what would prove a fork [E6]. */
function isNews(certificate: Certificate, record: ViewRecord, finalizedView: bigint): boolean {
  const held = heldCertificate(record, certificate.kind);
  if (held !== null) return !sameSubject(held, certificate);
  return record.view > finalizedView || certificatesOf(record).some((other) => conflicting(other, certificate));
}

/** Whether enough is being verified already, for this peer or of this certificate. */
function isBusy(t: Transition, from: ValidatorIndex, certificate: Certificate): boolean {
  let ofPeer = 0;
  let equal = 0;
  for (const request of t.state.requests.values()) {
    if (request.kind !== 'verifyCertificate') continue;
    if (request.from === from) ofPeer += 1;
    if (sameSubject(request.certificate, certificate)) equal += 1;
  }
  return ofPeer >= MAX_CERTIFICATE_CHECKS_PER_PEER || equal >= MAX_CHECKS_PER_CERTIFICATE;
}
