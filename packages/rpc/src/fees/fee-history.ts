import { BLOB_BASE_FEE } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import { InvalidParamsError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { MAX_FEE_HISTORY_BLOCKS } from '../limits.ts';
import type { ChainReader, HashedHeader } from '../ports.ts';
import type { AnswerWork } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';
import type { BlockTips } from './block-tips.ts';
import type { WeightedTip } from './tips.ts';

/** A quantity in a list of the answer, with its quotes. */
const REWARD_BYTES = 16;

const BLOB_FEE = quantity(BLOB_BASE_FEE);

/**
 * eth_feeHistory over `count` blocks up to `newest`; fewer when the chain is shorter. `baseFeePerGas` has one entry
 * more: the block after `newest`. `percentiles` null: no rewards. Throws InvalidParamsError for a block past the head.
 */
export async function feeHistory(
  chain: ChainReader,
  tips: BlockTips,
  count: bigint,
  newest: bigint,
  percentiles: readonly number[] | null,
  work: AnswerWork,
): Promise<JsonObject> {
  const head = headNumber(chain);
  if (newest > head) throw new InvalidParamsError(`request beyond head block: requested ${newest}, head ${head}`);
  const capped = count > MAX_FEE_HISTORY_BLOCKS ? MAX_FEE_HISTORY_BLOCKS : count;
  const length = capped > newest + 1n ? newest + 1n : capped;
  if (length === 0n) return { oldestBlock: quantity(0), gasUsedRatio: [], baseFeePerGas: [] };
  const blocks = await readHeaders(chain, newest - length + 1n, newest, work);
  const baseFees = blocks.map(({ header }) => header.baseFeePerGas);
  baseFees.push(await baseFeeAfter(chain, newest, head));
  const history: JsonObject = {
    oldestBlock: quantity(newest - length + 1n),
    baseFeePerGas: baseFees.map(quantity),
    gasUsedRatio: blocks.map(gasUsedRatio),
    baseFeePerBlobGas: baseFees.map(() => BLOB_FEE),
    blobGasUsedRatio: blocks.map(() => 0),
  };
  return percentiles === null ? history : { ...history, reward: await rewardsOf(blocks, tips, percentiles, work) };
}

async function readHeaders(
  chain: ChainReader,
  oldest: bigint,
  newest: bigint,
  work: AnswerWork,
): Promise<readonly HashedHeader[]> {
  const blocks: HashedHeader[] = [];
  const slice = createSlicer(work.signal);
  for (let number = oldest; number <= newest; number++) {
    const block = chain.headerByNumber(number);
    if (block !== null) blocks.push(block);
    await slice();
  }
  return blocks;
}

async function baseFeeAfter(chain: ChainReader, newest: bigint, head: bigint): Promise<bigint> {
  const next = newest < head ? chain.headerByNumber(newest + 1n) : null;
  return next === null ? chain.nextBaseFee() : next.header.baseFeePerGas;
}

/** 0 … 1. Gas fits in a double: a block's gas is far below 2^53. */
function gasUsedRatio({ header }: HashedHeader): number {
  return header.gasLimit === 0n ? 0 : Number(header.gasUsed) / Number(header.gasLimit);
}

async function rewardsOf(
  blocks: readonly HashedHeader[],
  tips: BlockTips,
  percentiles: readonly number[],
  work: AnswerWork,
): Promise<readonly (readonly string[])[]> {
  const slice = createSlicer(work.signal);
  // Shared by all blocks without transactions: a thousand of them need no hundred texts each.
  const nothing = percentiles.map(() => quantity(0));
  const rewards: (readonly string[])[] = [];
  for (const block of blocks) {
    const sorted = await tips.of(block);
    work.takeRoom(percentiles.length * REWARD_BYTES);
    rewards.push(sorted.length === 0 ? nothing : rewardsAt(sorted, percentiles));
    await slice();
  }
  return rewards;
}

/** The tips at the given percentiles of the block's gas. `tips`: at least one, smallest first. */
function rewardsAt(tips: readonly WeightedTip[], percentiles: readonly number[]): readonly string[] {
  const totalGas = Number(tips.reduce((sum, { gasUsed }) => sum + gasUsed, 0n));
  let index = 0;
  let gasSoFar = tips[0]?.gasUsed ?? 0n;
  let text = quantity(tips[0]?.tip ?? 0n);
  return percentiles.map((percentile) => {
    const threshold = BigInt(Math.floor((totalGas * percentile) / 100));
    const before = index;
    while (gasSoFar < threshold && index < tips.length - 1) {
      index += 1;
      gasSoFar += tips[index]?.gasUsed ?? 0n;
    }
    if (index !== before) text = quantity(tips[index]?.tip ?? 0n);
    return text;
  });
}
