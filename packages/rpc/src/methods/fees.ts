import { BLOB_BASE_FEE } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import { BadValueError } from '../errors.ts';
import type { BlockTips } from '../fees/block-tips.ts';
import { feeHistory } from '../fees/fee-history.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import { quantity } from '../format/quantity.ts';
import { MAX_FEE_HISTORY_PERCENTILES } from '../limits.ts';
import { describeType } from '../parse/bad-value.ts';
import { parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseList } from '../parse/fields.ts';
import { parseCount } from '../parse/scalars.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** What a next transaction should offer, and what past ones paid. */
export function feeMethods(chain: ChainReader, tips: TipOracle, blockTips: BlockTips): MethodTable {
  return {
    eth_gasPrice: method(0, async () => quantity(chain.nextBaseFee() + (await tips.suggestedTip()))),
    eth_maxPriorityFeePerGas: method(0, async () => quantity(await tips.suggestedTip())),
    // Of the next block, as in geth.
    eth_baseFee: method(0, () => quantity(chain.nextBaseFee())),
    // EIP-7516 at excess 0; no blob transactions are taken.
    eth_blobBaseFee: method(0, () => quantity(BLOB_BASE_FEE)),
    eth_feeHistory: method(3, async (params, work) => {
      const count = BigInt(params.required(0, parseCount));
      const newest = params.required(1, parseBlockNumberOrTag);
      const percentiles = params.optional(2, parsePercentiles, null);
      const number = newest.kind === 'number' ? newest.number : headNumber(chain);
      return feeHistory(chain, blockTips, count, number, percentiles, work);
    }),
  };
}

/** Between 0 and 100, strictly rising as in geth; an empty list asks for no rewards. */
function parsePercentiles(value: unknown): readonly number[] | null {
  const percentiles = parseList(value, MAX_FEE_HISTORY_PERCENTILES, parsePercentile);
  for (const [index, percentile] of percentiles.entries()) {
    const previous = percentiles[index - 1];
    if (previous !== undefined && percentile <= previous) {
      throw new BadValueError(`invalid reward percentile: #${index - 1}:${previous} >= #${index}:${percentile}`);
    }
  }
  return percentiles.length === 0 ? null : percentiles;
}

function parsePercentile(value: unknown): number {
  if (typeof value !== 'number') throw new BadValueError(`want a number, got ${describeType(value)}`);
  if (!(value >= 0 && value <= 100)) throw new BadValueError(`invalid reward percentile: ${value}`);
  return value;
}
