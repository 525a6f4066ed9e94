import { isJustified, type JustifiedTuple } from '../rules/justification.ts';
import { verifyCertificate } from './certificate.ts';
import type { EpochContext } from './context.ts';

/** [N3] [N4] Whether the certificates justify the tuple and each of them verifies. Stops at the first that does not. */
export function verifyJustification(context: EpochContext, justified: JustifiedTuple): boolean {
  const { domain, set, startHash } = context;
  const terms = { epoch: domain.epoch, validatorCount: set.validators.length, genesisHash: startHash };
  if (!isJustified(terms, justified)) return false;
  const { parentCertificate, skipCertificates } = justified;
  const certificates = parentCertificate === null ? skipCertificates : [parentCertificate, ...skipCertificates];
  return certificates.every((certificate) => verifyCertificate(context, certificate));
}
