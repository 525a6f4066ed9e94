import { bytesToHex } from '@heddle/primitives';
import type { JsonObject } from '../json.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';
import { formatLog } from './log.ts';
import { quantity } from './quantity.ts';

/** Exactly the members of the public schema: strict clients refuse others (hence no blockTimestamp). */
export function formatReceipt(block: FinalBlock, entry: BlockTransaction): JsonObject {
  const { transaction, receipt } = entry;
  return {
    type: quantity(receipt.type),
    status: quantity(receipt.status),
    transactionHash: transaction.hash,
    transactionIndex: quantity(entry.transactionIndex),
    blockHash: block.hash,
    blockNumber: quantity(block.block.header.number),
    from: transaction.sender,
    to: transaction.fields.to,
    contractAddress: entry.contractAddress,
    gasUsed: quantity(entry.gasUsed),
    cumulativeGasUsed: quantity(entry.cumulativeGasUsed),
    effectiveGasPrice: quantity(entry.effectiveGasPrice),
    logsBloom: bytesToHex(receipt.logsBloom),
    logs: receipt.logs.map((log, offset) => formatLog(block, entry, log, offset)),
  };
}
