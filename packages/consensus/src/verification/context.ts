import { assert } from '@heddle/primitives';
import type { Hash, SigningDomain, ValidatorSet } from '@heddle/types';
import type { SignatureScheme } from './scheme.ts';

/** Everything that is the same for all checks of one epoch. */
export interface VerificationContext {
  readonly scheme: SignatureScheme;
  readonly domain: SigningDomain;
  readonly set: ValidatorSet;
}

/** For proposals, and evidence about them: one without a parent certificate names the epoch's first parent. */
export interface EpochContext extends VerificationContext {
  /** The block that view 1 builds on, final by definition. */
  readonly startHash: Hash;
}

/** Throws ImpossibleStateError if domain and set are not of the same epoch. */
export function createVerificationContext(
  scheme: SignatureScheme,
  domain: SigningDomain,
  set: ValidatorSet,
): VerificationContext {
  assert(domain.epoch === set.epoch, 'domain and validator set are of one epoch');
  assert(domain.validatorSetHash === set.hash, 'the domain names the validator set');
  return { scheme, domain, set };
}
