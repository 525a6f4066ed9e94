import { bytesToHex } from '@heddle/primitives';
import type { JsonObject } from '../json.ts';
import { type JsonText, JsonTextBuilder } from '../json-text.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';
import type { AnswerWork } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';
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

/**
 * JSON of the block; `hydrated`: whole transactions instead of their hashes. As text, made in slices: a full block has
 * thousands of them.
 */
export async function blockText(block: FinalBlock, hydrated: boolean, work: AnswerWork): Promise<JsonText> {
  const head = JSON.stringify({ ...formatHeader(block), uncles: [], withdrawals: [] });
  const slice = createSlicer(work.signal);
  const whole = new JsonTextBuilder();
  whole.add(`${head.slice(0, -1)},"transactions":[`);
  for (const [at, entry] of block.executed.entries()) {
    const text = hydrated ? JSON.stringify(formatExecutedTransaction(block, entry)) : `"${entry.transaction.hash}"`;
    work.takeRoom(text.length);
    whole.add(at === 0 ? text : `,${text}`);
    await slice();
  }
  whole.add(']}');
  return whole.end();
}

/** The same of a small block at once; `hydrated`: whole transactions instead of their hashes. */
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
