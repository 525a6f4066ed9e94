import type { RecoveredTransaction } from '@heddle/types';
import { decodeTransaction, InvalidTransactionEncodingError, recoverTransaction } from '@heddle/types';
import { findBlock } from '../chain/resolve.ts';
import { InvalidParamsError, TransactionRefusedError } from '../errors.ts';
import { formatReceipt } from '../format/receipt.ts';
import { formatExecutedTransaction, formatPendingTransaction } from '../format/transaction.ts';
import type { JsonValue } from '../json.ts';
import type { BlockId } from '../parse/block-id.ts';
import { parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseBytes, parseHash, parseUint64 } from '../parse/hex.ts';
import type { ChainReader, PoolAccess } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** EIP-2718 type of a blob transaction (EIP-4844). */
const BLOB_TYPE = 3;

/** Transactions, sent and found again. One that is not there is null. */
export function transactionMethods(chain: ChainReader, pool: PoolAccess): MethodTable {
  return {
    eth_sendRawTransaction: method(1, async (params, { answerAfter }) => {
      const submitted = await pool.submit(decodeRaw(params.required(0, parseBytes)));
      if (!submitted.ok) throw new TransactionRefusedError(submitted.reason);
      answerAfter(pool.executed(submitted.hash));
      return submitted.hash;
    }),
    eth_getTransactionByHash: method(1, async (params) => {
      const located = await chain.transaction(params.required(0, parseHash));
      if (located === null) return null;
      const { included, transaction } = located;
      return included === null
        ? formatPendingTransaction(transaction)
        : formatExecutedTransaction(included.block, included.entry);
    }),
    eth_getTransactionReceipt: method(1, async (params) => {
      const located = await chain.transaction(params.required(0, parseHash));
      const included = located === null ? null : located.included;
      return included === null ? null : formatReceipt(included.block, included.entry);
    }),
    eth_getTransactionByBlockNumberAndIndex: method(2, (params) =>
      transactionAt(chain, params.required(0, parseBlockNumberOrTag), params.required(1, parseUint64)),
    ),
    eth_getTransactionByBlockHashAndIndex: method(2, (params) =>
      transactionAt(chain, { kind: 'hash', hash: params.required(0, parseHash) }, params.required(1, parseUint64)),
    ),
  };
}

async function transactionAt(chain: ChainReader, id: BlockId, index: bigint): Promise<JsonValue> {
  const block = await findBlock(chain, id);
  const entry = block?.executed[Number(index)];
  return block === null || entry === undefined ? null : formatExecutedTransaction(block, entry);
}

/** Throws InvalidParamsError for what is not a transaction, TransactionRefusedError for one that is not taken here. */
function decodeRaw(raw: Uint8Array): RecoveredTransaction {
  if (raw[0] === BLOB_TYPE) {
    throw new TransactionRefusedError(
      'transaction type not valid: this network takes no blob transactions (type 3, EIP-4844)',
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
