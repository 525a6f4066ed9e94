import { type Hash, justificationRoot, type Proposal } from '@heddle/types';
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
  const { tuple, leaderNotarize } = proposal;
  if (!isPlausibleTuple(tuple, config.epoch)) return 'malformed';
  if (leaderNotarize.kind !== 'notarize' || !sameTuple(leaderNotarize.tuple, tuple)) return 'malformed';
  if (leaderNotarize.signer !== leaderOf(config.leaders, tuple.view)) return 'malformed';
  if (!isCommitted(proposal)) return 'malformed';
  return isJustified(config, proposal) ? null : 'badJustification';
}

/** What the rules of justification need to know of an epoch. */
export interface JustificationTerms {
  readonly epoch: bigint;
  readonly validatorCount: number;
  /** The block that view 1 builds on. */
  readonly genesisHash: Hash;
}

/** A tuple with the certificates that are said to justify it. */
export type JustifiedTuple = Pick<Proposal, 'tuple' | 'parentCertificate' | 'skipCertificates'>;

/** Whether the certificates are the ones that the tuple commits to: who voted for it has vouched for them. */
export function isCommitted({ tuple, parentCertificate, skipCertificates }: JustifiedTuple): boolean {
  return justificationRoot(parentCertificate, skipCertificates) === tuple.justificationRoot;
}

/** [N3] [N4] Whether the certificates, if they verify, justify the tuple. */
export function isJustified(terms: JustificationTerms, justified: JustifiedTuple): boolean {
  return parentMatches(terms, justified) && skipsCover(terms, justified);
}

/** [N3] The parent certificate is for (parentView, parentHash); genesis has none. */
function parentMatches(terms: JustificationTerms, { tuple, parentCertificate }: JustifiedTuple): boolean {
  if (tuple.parentView === 0n) return parentCertificate === null && tuple.parentHash === terms.genesisHash;
  if (parentCertificate === null || !isWellFormed(parentCertificate, terms.epoch, terms.validatorCount)) return false;
  return parentCertificate.tuple.view === tuple.parentView && parentCertificate.tuple.blockHash === tuple.parentHash;
}

/** [N4] One nullification for every view in (parentView, view), ascending, and not one more. */
function skipsCover(terms: JustificationTerms, { tuple, skipCertificates }: JustifiedTuple): boolean {
  if (BigInt(skipCertificates.length) !== tuple.view - tuple.parentView - 1n) return false;
  return skipCertificates.every(
    (skip, index) =>
      skip.view === tuple.parentView + 1n + BigInt(index) && isWellFormed(skip, terms.epoch, terms.validatorCount),
  );
}
