import type { AnyEvidence } from '@heddle/types';
import { viewOf } from '../engine/subjects.ts';

/** Where in an epoch it happened: a view, or a shard and the parent of its chunk. Told apart by their form. */
export function evidencePlaceOf(evidence: AnyEvidence): string {
  switch (evidence.kind) {
    case 'doublePropose':
      return `${evidence.first.tuple.view}`;
    case 'doubleVote':
    case 'notarizeAndFinalize':
    case 'nullifyAndFinalize':
    case 'conflictingCertificates':
      return `${viewOf(evidence.first)}`;
    case 'badJustification':
      return `${evidence.vote.tuple.view}`;
    case 'doubleProduce':
      return `${evidence.first.header.shard}:${evidence.first.header.parentBlockHash}`;
    case 'doubleEndorse':
      return `${evidence.first.shard}:${evidence.first.parentBlockHash}`;
  }
}

/** Whom it accuses. Proves nothing: `verifyEvidence` does. */
export function accusedBy(evidence: AnyEvidence): readonly number[] {
  return evidence.kind === 'conflictingCertificates' ? evidence.culprits : [evidence.culprit];
}
