import type { Certificate, ValidatorIndex } from '@heddle/types';
import { epochOf, viewOf } from '../engine/subjects.ts';
import { commonSigners, conflicting } from './conflicts.ts';

/**
 * Everyone who signed both of two conflicting certificates, ascending: what a fork is paid with. Nobody honest is among
 * them. Two finalizations of one epoch that are not on one chain, together with the justifications of both blocks and of
 * all their ancestors in the epoch, always name at least f + 1: take the one of the lower view v. The other's ancestry
 * has a block in v itself, whose certificate is for another tuple, or skips v by a nullification (`step.ts`, Why it is
 * safe, 3).
 *
 * @param certificates of one epoch, verified; may repeat.
 */
export function forkCulprits(validatorCount: number, certificates: readonly Certificate[]): readonly ValidatorIndex[] {
  const byView = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const key = `${epochOf(certificate)}:${viewOf(certificate)}`;
    const ofView = byView.get(key);
    if (ofView === undefined) byView.set(key, [certificate]);
    else ofView.push(certificate);
  }
  const culprits = new Set([...byView.values()].flatMap((ofView) => culpritsOf(validatorCount, ofView)));
  return [...culprits].sort((a, b) => a - b);
}

function culpritsOf(validatorCount: number, ofView: readonly Certificate[]): readonly ValidatorIndex[] {
  return ofView.flatMap((a, index) =>
    ofView.slice(index + 1).flatMap((b) => (conflicting(a, b) ? commonSigners(a, b, validatorCount) : [])),
  );
}
