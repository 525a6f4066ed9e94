import { findBlock } from '../chain/resolve.ts';
import { formatReceipt } from '../format/receipt.ts';
import { formatExecutedTransaction, formatPendingTransaction } from '../format/transaction.ts';
import type { JsonValue } from '../json.ts';
import type { BlockId } from '../parse/block-id.ts';
import { parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseHash, parseUint64 } from '../parse/hex.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** Transactions, found by hash or place. One that is not there is null. */
export function transactionMethods(chain: ChainReader): MethodTable {
  return {
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
