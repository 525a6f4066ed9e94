import { HeddleError } from '@heddle/primitives';

/** A transaction that breaks a validity rule: it must not be in a chunk. Nothing has changed. */
export class InvalidTransactionError extends HeddleError<{
  /** The rule in geth's words, e.g. 'nonce too low: address 0x…, tx: 1 state: 2'. */
  readonly reason: string;
  /** True when it can never be valid again; false when it may fit later (nonce too high, funds, base fee). */
  readonly permanent: boolean;
}> {
  readonly code = 'INVALID_TRANSACTION';

  constructor(reason: string, permanent: boolean) {
    super(reason, { reason, permanent });
  }
}
