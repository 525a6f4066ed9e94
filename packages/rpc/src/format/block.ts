import { bytesToHex } from '@heddle/primitives';
import type { JsonObject } from '../json.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';
import { quantity } from './quantity.ts';
import { formatExecutedTransaction } from './transaction.ts';

/** What is shown of a header, be it of a final block or of a simulated one. */
interface ShownHeader extends Pick<FinalBlock, 'hash' | 'size'> {
  readonly block: Pick<FinalBlock['block'], 'header'>;
}

interface ShownBlock extends ShownHeader {
  readonly executed: readonly Pick<BlockTransaction, 'transaction' | 'effectiveGasPrice' | 'transactionIndex'>[];
}

/** What newHeads pushes: the header and the block's hash and size. */
export function formatHeader(block: ShownHeader): JsonObject {
  const { header } = block.block;
  return {
    hash: block.hash,
    parentHash: header.parentHash,
    sha3Uncles: header.ommersHash,
    miner: header.coinbase,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    logsBloom: bytesToHex(header.logsBloom),
    difficulty: quantity(header.difficulty),
    number: quantity(header.number),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    timestamp: quantity(header.timestamp),
    extraData: bytesToHex(header.extraData),
    mixHash: header.mixHash,
    nonce: bytesToHex(header.nonce),
    baseFeePerGas: quantity(header.baseFeePerGas),
    withdrawalsRoot: header.withdrawalsRoot,
    blobGasUsed: quantity(header.blobGasUsed),
    excessBlobGas: quantity(header.excessBlobGas),
    parentBeaconBlockRoot: header.parentBeaconBlockRoot,
    requestsHash: header.requestsHash,
    size: quantity(block.size),
  };
}

/** `hydrated`: whole transactions instead of their hashes. */
export function formatBlock(block: ShownBlock, hydrated: boolean): JsonObject {
  return {
    ...formatHeader(block),
    uncles: [],
    withdrawals: [],
    transactions: hydrated
      ? block.executed.map((entry) => formatExecutedTransaction(block, entry))
      : block.executed.map((entry) => entry.transaction.hash),
  };
}
