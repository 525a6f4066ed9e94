import { justificationRoot, type Proposal } from '@heddle/types';
import type { EngineConfig } from '../engine/config.ts';
import { leaderOf } from '../engine/leaders.ts';
import { isPlausibleTuple, sameTuple } from '../engine/subjects.ts';
import { isWellFormed } from './certificates.ts';

/**
 * What is wrong with a proposal before any signature is looked at. malformed: the leader's fault alone.
 * badJustification: the tuple commits to it, so that whoever votes for the tuple is at fault too (E5).
 */
export type ProposalFault = 'malformed' | 'badJustification';

/** [N2] [N3] [N4] Checks everything about a proposal that needs no cryptography and no block. */
export function findFault(config: EngineConfig, proposal: Proposal): ProposalFault | null {
  const { tuple, leaderNotarize, parentCertificate, skipCertificates } = proposal;
  if (!isPlausibleTuple(tuple, config.epoch)) return 'malformed';
  if (leaderNotarize.kind !== 'notarize' || !sameTuple(leaderNotarize.tuple, tuple)) return 'malformed';
  if (leaderNotarize.signer !== leaderOf(config.leaders, tuple.view)) return 'malformed';
  if (justificationRoot(parentCertificate, skipCertificates) !== tuple.justificationRoot) return 'malformed';
  return parentMatches(config, proposal) && skipsCover(config, proposal) ? null : 'badJustification';
}

/** [N3] The parent certificate is for (parentView, parentHash); genesis has none. */
function parentMatches(config: EngineConfig, { tuple, parentCertificate }: Proposal): boolean {
  if (tuple.parentView === 0n) return parentCertificate === null && tuple.parentHash === config.genesisHash;
  if (parentCertificate === null || !isWellFormed(parentCertificate, config.epoch, config.validatorCount)) return false;
  return parentCertificate.tuple.view === tuple.parentView && parentCertificate.tuple.blockHash === tuple.parentHash;
}

/** [N4] One nullification for every view in (parentView, view), ascending, and not one more. */
function skipsCover(config: EngineConfig, { tuple, skipCertificates }: Proposal): boolean {
  if (BigInt(skipCertificates.length) !== tuple.view - tuple.parentView - 1n) return false;
  return skipCertificates.every(
    (skip, index) =>
      skip.view === tuple.parentView + 1n + BigInt(index) && isWellFormed(skip, config.epoch, config.validatorCount),
  );
}
