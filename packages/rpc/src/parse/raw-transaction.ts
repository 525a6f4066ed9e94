import type { RecoveredTransaction } from '@heddle/types';
import {
  decodeTransaction,
  IMPERSONATED_TYPE,
  InvalidTransactionEncodingError,
  recoverTransaction,
} from '@heddle/types';
import { InvalidParamsError, TransactionRefusedError } from '../errors.ts';

/** EIP-2718 type of a blob transaction (EIP-4844). */
const BLOB_TYPE = 3;

/** Throws InvalidParamsError for what is not a transaction, TransactionRefusedError for one that is not taken here. */
export function decodeRaw(raw: Uint8Array): RecoveredTransaction {
  if (raw[0] === BLOB_TYPE) {
    throw new TransactionRefusedError(
      'transaction type not valid: this network takes no blob transactions (type 3, EIP-4844)',
    );
  }
  if (raw[0] === IMPERSONATED_TYPE) {
    throw new TransactionRefusedError(
      'transaction type not valid: impersonated transactions (type 0x7d) are made by a devnet alone; ask for one by eth_sendTransaction',
    );
  }
  const transaction = recoverTransaction(decodeEncoding(raw));
  if (transaction === null) throw new TransactionRefusedError('invalid sender: invalid transaction v, r, s values');
  return transaction;
}

function decodeEncoding(raw: Uint8Array): ReturnType<typeof decodeTransaction> {
  try {
    return decodeTransaction(raw);
  } catch (error) {
    if (error instanceof InvalidTransactionEncodingError) {
      throw new InvalidParamsError(`invalid argument 0: not a signed transaction: ${error.message}`);
    }
    throw error;
  }
}
