import { impersonationRefusal } from '@heddle/execution';
import { rememberedBy } from '@heddle/primitives';
import {
  decodeTransaction,
  type Genesis,
  InvalidTransactionEncodingError,
  type RecoveredTransaction,
  recoverTransaction,
  type SignedTransaction,
} from '@heddle/types';

/**
 * `decodeTransaction` of bytes out of a decoded message or chunk, which nobody writes to. The validators of a process
 * share those, so each transaction is decoded once for all of them. Throws InvalidTransactionEncodingError.
 */
export const decodeReceived: (raw: Uint8Array) => SignedTransaction = rememberedBy(decodeTransaction);

/** `decodeReceived` for a transaction in a part of a block. Throws InvalidTransactionEncodingError for one that this network has none of, too. */
export function decodeIncluded(raw: Uint8Array, { devnet }: Pick<Genesis, 'devnet'>): SignedTransaction {
  const signed = decodeReceived(raw);
  const refusal = impersonationRefusal(signed, devnet);
  if (refusal !== null) throw new InvalidTransactionEncodingError(refusal);
  return signed;
}

/** What recovery gave; null where no key made the signature. Lives as long as the signed transaction does. */
const recovered = new WeakMap<SignedTransaction, RecoveredTransaction | null>();

/** `recoverTransaction`, once for all validators of a process. */
export function recoverReceived(signed: SignedTransaction): RecoveredTransaction | null {
  const known = recovered.get(signed);
  if (known !== undefined) return known;
  const transaction = recoverTransaction(signed);
  recovered.set(signed, transaction);
  return transaction;
}

/** What `recoverReceived` gave before; null if it is still to be done, or nobody signed. */
export function recoveredBefore(signed: SignedTransaction): RecoveredTransaction | null {
  return recovered.get(signed) ?? null;
}

/** Spares the others a recovery that was done elsewhere: by a worker, or for the pool. */
export function rememberRecovered(signed: SignedTransaction, transaction: RecoveredTransaction): void {
  recovered.set(signed, transaction);
}
