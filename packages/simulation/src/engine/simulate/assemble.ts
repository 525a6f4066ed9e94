import { orderedTrieRoot } from '@heddle/state';
import {
  type BlockHeader,
  EMPTY_TRIE_ROOT,
  encodeBlockHeader,
  encodeReceipt,
  encodeUnsigned,
  hashBlockHeader,
  logsBloom,
  mergeBlooms,
  type RecoveredTransaction,
  type UnsignedTransaction,
  ZERO_HASH,
} from '@heddle/types';
import type { BlockFacts } from '../../types.ts';
import type { CallTerms } from './run-call.ts';
import type { SimulatedBlock, SimulatedCallRequest, SimulatedTransaction } from './types.ts';

/** What a call would be as a transaction. Throws `InvalidTransactionEncodingError`. */
export function transactionOf(call: SimulatedCallRequest, terms: CallTerms, chainId: bigint): RecoveredTransaction {
  return { ...encodeUnsigned(fieldsOf(call, terms, chainId)), sender: call.message.from };
}

function fieldsOf({ message, type }: SimulatedCallRequest, terms: CallTerms, chainId: bigint): UnsignedTransaction {
  const { to, value, data, accessList, authorizationList } = message;
  const maxFeePerGas = message.maxFeePerGas ?? 0n;
  const maxPriorityFeePerGas = message.maxPriorityFeePerGas ?? 0n;
  const common = { nonce: terms.nonce, gasLimit: terms.gas, value, data };
  if (type === 0) return { ...common, type, to, chainId: null, gasPrice: maxFeePerGas };
  const market = { ...common, chainId, maxFeePerGas, maxPriorityFeePerGas, accessList };
  if (type === 4 && to !== null) return { ...market, type, to, authorizationList };
  return { ...market, type: 2, to };
}

/** The block of these transactions on `parent`. */
export function assembleSimulatedBlock(
  parent: { readonly header: BlockHeader; readonly hash: BlockHeader['parentHash'] },
  facts: BlockFacts,
  executed: readonly SimulatedTransaction[],
): SimulatedBlock {
  const { receiptsRoot, bloom, gasUsed } = receiptsOf(executed);
  const header: BlockHeader = {
    ...parent.header,
    parentHash: parent.hash,
    coinbase: facts.coinbase,
    stateRoot: ZERO_HASH,
    transactionsRoot: orderedTrieRoot(executed.map(({ transaction }) => transaction.raw)),
    receiptsRoot,
    logsBloom: bloom,
    number: facts.number,
    gasLimit: facts.gasLimit,
    gasUsed,
    timestamp: facts.timestamp,
    extraData: new Uint8Array(0),
    mixHash: facts.prevRandao,
    baseFeePerGas: facts.baseFeePerGas,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    parentBeaconBlockRoot: ZERO_HASH,
  };
  const bodyBytes = executed.reduce((sum, { transaction }) => sum + transaction.raw.length, 0);
  const size = encodeBlockHeader(header).length + bodyBytes;
  return { block: { header }, hash: hashBlockHeader(header), size, executed };
}

function receiptsOf(executed: readonly SimulatedTransaction[]): {
  readonly receiptsRoot: BlockHeader['receiptsRoot'];
  readonly bloom: Uint8Array;
  readonly gasUsed: bigint;
} {
  let gasUsed = 0n;
  const receipts = executed.map(({ transaction, call }) => {
    gasUsed += call.gasUsed;
    const status = call.status === 'success' ? (1 as const) : (0 as const);
    const bloom = logsBloom(call.logs);
    return { type: transaction.fields.type, status, cumulativeGasUsed: gasUsed, logsBloom: bloom, logs: call.logs };
  });
  return {
    receiptsRoot: orderedTrieRoot(receipts.map(encodeReceipt)),
    bloom: mergeBlooms(receipts.map((receipt) => receipt.logsBloom)),
    gasUsed,
  };
}
