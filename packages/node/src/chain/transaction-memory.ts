import { rememberedBy } from '@heddle/primitives';
import {
  decodeTransaction,
  type RecoveredTransaction,
  recoverTransaction,
  type SignedTransaction,
} from '@heddle/types';

/**
 * `decodeTransaction` of bytes out of a decoded message or chunk, which nobody writes to. The validators of a process
 * share those, so each transaction is decoded once for all of them. Throws InvalidTransactionEncodingError.
 */
export const decodeReceived: (raw: Uint8Array) => SignedTransaction = rememberedBy(decodeTransaction);

/** `recoverTransaction`, once for all validators of a process. */
export function recoverReceived(signed: SignedTransaction): RecoveredTransaction | null {
  return recovery(signed).transaction;
}

const recovery: (signed: SignedTransaction) => { readonly transaction: RecoveredTransaction | null } = rememberedBy(
  (signed) => ({ transaction: recoverTransaction(signed) }),
);
