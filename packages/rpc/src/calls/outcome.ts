import { bytesToHex } from '@heddle/primitives';
import { CallFailedError, RevertedError } from '../errors.ts';
import { revertMessage } from '../format/revert-reason.ts';
import type { CallOutcome } from '../ports.ts';

/** The outcome of a call that succeeded. Throws RevertedError or CallFailedError otherwise. */
export function expectSuccess(outcome: CallOutcome): CallOutcome & { readonly kind: 'success' } {
  switch (outcome.kind) {
    case 'success':
      return outcome;
    case 'revert':
      throw new RevertedError(revertMessage(outcome.returnData), bytesToHex(outcome.returnData));
    case 'halt':
    case 'invalid':
      throw new CallFailedError(outcome.reason);
  }
}

/** Why it failed, in geth's words: without the reason that a revert gives. */
export function failureOf(outcome: CallOutcome & { readonly kind: 'revert' | 'halt' }): string {
  return outcome.kind === 'revert' ? 'execution reverted' : outcome.reason;
}
