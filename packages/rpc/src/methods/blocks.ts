import { findBlock } from '../chain/resolve.ts';
import { blockText, formatHeader } from '../format/block.ts';
import { quantity } from '../format/quantity.ts';
import { formatReceipt } from '../format/receipt.ts';
import type { JsonValue } from '../json.ts';
import { ITEM_BYTES } from '../limits.ts';
import type { BlockId } from '../parse/block-id.ts';
import { parseBlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseHash, parseUint64 } from '../parse/hex.ts';
import { parseBoolean } from '../parse/scalars.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import type { AnswerWork, Method, MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';

/** Blocks and what is counted in them. A block that is not there is null. */
export function blockMethods(chain: ChainReader): MethodTable {
  return {
    eth_getBlockByNumber: blockMethod(chain, parseBlockNumberOrTag),
    eth_getBlockByHash: blockMethod(chain, parseHashId),
    eth_getBlockTransactionCountByNumber: countMethod(chain, parseBlockNumberOrTag, transactionCount),
    eth_getBlockTransactionCountByHash: countMethod(chain, parseHashId, transactionCount),
    eth_getUncleCountByBlockNumber: countMethod(chain, parseBlockNumberOrTag, () => 0),
    eth_getUncleCountByBlockHash: countMethod(chain, parseHashId, () => 0),
    eth_getUncleByBlockNumberAndIndex: uncleMethod(parseBlockNumberOrTag),
    eth_getUncleByBlockHashAndIndex: uncleMethod(parseHashId),
    eth_getHeaderByNumber: headerMethod(chain, parseBlockNumberOrTag),
    eth_getHeaderByHash: headerMethod(chain, parseHashId),
    eth_getBlockReceipts: method(1, async (params, work) => {
      const block = await findBlock(chain, params.required(0, parseBlockId));
      return block === null ? null : formatReceipts(block, work);
    }),
  };
}

type BlockIdParser = (value: unknown) => BlockId;

function parseHashId(value: unknown): BlockId {
  return { kind: 'hash', hash: parseHash(value) };
}

function blockMethod(chain: ChainReader, parse: BlockIdParser): Method {
  return method(2, async (params, work) => {
    const id = params.required(0, parse);
    const hydrated = params.optional(1, parseBoolean, false);
    const block = await findBlock(chain, id);
    return block === null ? null : blockText(block, hydrated, work);
  });
}

/** There are none since the merge. */
function uncleMethod(parse: BlockIdParser): Method {
  return method(2, (params) => {
    params.required(0, parse);
    params.required(1, parseUint64);
    return null;
  });
}

function headerMethod(chain: ChainReader, parse: BlockIdParser): Method {
  return method(1, async (params) => {
    const block = await findBlock(chain, params.required(0, parse));
    return block === null ? null : formatHeader(block);
  });
}

function countMethod(chain: ChainReader, parse: BlockIdParser, count: (block: FinalBlock) => number): Method {
  return method(1, async (params) => {
    const block = await findBlock(chain, params.required(0, parse));
    return block === null ? null : quantity(count(block));
  });
}

function transactionCount(block: FinalBlock): number {
  return block.executed.length;
}

async function formatReceipts(block: FinalBlock, work: AnswerWork): Promise<JsonValue> {
  const receipts: JsonValue[] = [];
  const slice = createSlicer(work.signal);
  for (const entry of block.executed) {
    work.takeRoom((1 + entry.receipt.logs.length) * ITEM_BYTES);
    receipts.push(formatReceipt(block, entry));
    await slice();
  }
  return receipts;
}
