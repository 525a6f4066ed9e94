import type { Certificate, ValidatorIndex, Vote } from '@heddle/types';
import { signersIn } from '../engine/quorum.ts';
import { epochOf, sameSubject, sameTuple, viewOf } from '../engine/subjects.ts';

export type Contradiction = 'doubleVote' | 'notarizeAndFinalize' | 'nullifyAndFinalize';

/** Two votes of one signer in one view that an honest validator never casts both; null if it may. */
export function contradiction(a: Vote, b: Vote): Contradiction | null {
  if (!isOfSameView(a, b) || a.signer !== b.signer) return null;
  if (a.kind === b.kind) return sameSubject(a, b) ? null : 'doubleVote'; // [E2]
  if (a.kind !== 'nullify' && b.kind !== 'nullify') return sameTuple(a.tuple, b.tuple) ? null : 'notarizeAndFinalize'; // [E3]
  return a.kind === 'finalize' || b.kind === 'finalize' ? 'nullifyAndFinalize' : null; // [E4]; nullify after notarize is allowed
}

/** [E6] Two certificates of one view that can't both be, unless more than f validators are faulty. */
export function conflicting(a: Certificate, b: Certificate): boolean {
  if (!isOfSameView(a, b)) return false;
  if (a.kind === 'nullify' || b.kind === 'nullify') return a.kind === 'finalize' || b.kind === 'finalize';
  return !sameTuple(a.tuple, b.tuple);
}

/** Who signed both, ascending; nobody if a bitmap does not fit the set. */
export function commonSigners(a: Certificate, b: Certificate, validatorCount: number): readonly ValidatorIndex[] {
  const signers = new Set(signersIn(a.bitmap, validatorCount));
  return (signersIn(b.bitmap, validatorCount) ?? []).filter((signer) => signers.has(signer));
}

function isOfSameView(a: Vote | Certificate, b: Vote | Certificate): boolean {
  return viewOf(a) === viewOf(b) && epochOf(a) === epochOf(b);
}
