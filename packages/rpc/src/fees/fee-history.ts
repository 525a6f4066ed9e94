import { headNumber } from '../chain/resolve.ts';
import { InvalidParamsError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { MAX_FEE_HISTORY_BLOCKS } from '../limits.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import { createSlicer } from '../slices.ts';
import { sortedTips } from './tips.ts';

/** The price of a blob's gas: there are no blobs (EIP-7516 at excess 0). */
const BLOB_BASE_FEE = quantity(1);

/**
 * eth_feeHistory over `count` blocks up to `newest`; fewer when the chain is shorter. `baseFeePerGas` has one entry
 * more: the block after `newest`. `percentiles` null: no rewards. Throws InvalidParamsError for a block past the head.
 */
export async function feeHistory(
  chain: ChainReader,
  count: bigint,
  newest: bigint,
  percentiles: readonly number[] | null,
): Promise<JsonObject> {
  const head = headNumber(chain);
  if (newest > head) throw new InvalidParamsError(`request beyond head block: requested ${newest}, head ${head}`);
  const capped = count > MAX_FEE_HISTORY_BLOCKS ? MAX_FEE_HISTORY_BLOCKS : count;
  const length = capped > newest + 1n ? newest + 1n : capped;
  if (length === 0n) return { oldestBlock: quantity(0), gasUsedRatio: [], baseFeePerGas: [] };
  const blocks = await readBlocks(chain, newest - length + 1n, newest);
  const baseFees = blocks.map(({ block }) => block.header.baseFeePerGas);
  baseFees.push(await baseFeeAfter(chain, newest, head));
  const history: JsonObject = {
    oldestBlock: quantity(newest - length + 1n),
    baseFeePerGas: baseFees.map(quantity),
    gasUsedRatio: blocks.map(gasUsedRatio),
    baseFeePerBlobGas: baseFees.map(() => BLOB_BASE_FEE),
    blobGasUsedRatio: blocks.map(() => 0),
  };
  if (percentiles === null) return history;
  return { ...history, reward: blocks.map((block) => rewards(block, percentiles).map(quantity)) };
}

async function readBlocks(chain: ChainReader, oldest: bigint, newest: bigint): Promise<readonly FinalBlock[]> {
  const blocks: FinalBlock[] = [];
  const slice = createSlicer();
  for (let number = oldest; number <= newest; number++) {
    const block = await chain.blockByNumber(number);
    if (block !== null) blocks.push(block);
    await slice();
  }
  return blocks;
}

async function baseFeeAfter(chain: ChainReader, newest: bigint, head: bigint): Promise<bigint> {
  const next = newest < head ? await chain.blockByNumber(newest + 1n) : null;
  return next === null ? chain.nextBaseFee() : next.block.header.baseFeePerGas;
}

/** 0 … 1. Gas fits in a double: a block's gas is far below 2^53. */
function gasUsedRatio({ block }: FinalBlock): number {
  return block.header.gasLimit === 0n ? 0 : Number(block.header.gasUsed) / Number(block.header.gasLimit);
}

/** The tips at the given percentiles of the block's gas; zeros for a block without transactions. */
function rewards(block: FinalBlock, percentiles: readonly number[]): readonly bigint[] {
  const tips = sortedTips(block);
  const totalGas = tips.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
  let index = 0;
  let gasSoFar = tips[0]?.gasUsed ?? 0n;
  return percentiles.map((percentile) => {
    const threshold = BigInt(Math.floor((Number(totalGas) * percentile) / 100));
    while (gasSoFar < threshold && index < tips.length - 1) {
      index += 1;
      gasSoFar += tips[index]?.gasUsed ?? 0n;
    }
    return tips[index]?.tip ?? 0n;
  });
}
