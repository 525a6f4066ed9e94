import type { Hash } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import { IDLE_TIP, TIP_SAMPLE_BLOCKS, TIP_SAMPLE_PERCENTILE } from '../limits.ts';
import type { ChainReader } from '../ports.ts';
import { createSlicer } from '../slices.ts';
import type { BlockTips } from './block-tips.ts';

/** Suggests the tip of a next transaction, wei a gas. Computed once for each head. */
export interface TipOracle {
  suggestedTip(): Promise<bigint>;
}

/** A percentile of the tips in the last blocks; IDLE_TIP while they hold no transaction. Never 0, which pools refuse. */
export function createTipOracle(chain: ChainReader, blockTips: BlockTips): TipOracle {
  let cached: { readonly head: Hash; readonly tip: Promise<bigint> } | null = null;
  return {
    suggestedTip() {
      const head = chain.head().hash;
      if (cached === null || cached.head !== head) {
        const tip = sampleTip(chain, blockTips);
        cached = { head, tip };
        // A failed sample is not kept.
        tip.catch(() => {
          cached = null;
        });
      }
      return cached.tip;
    },
  };
}

async function sampleTip(chain: ChainReader, blockTips: BlockTips): Promise<bigint> {
  const newest = headNumber(chain);
  const oldest = newest < TIP_SAMPLE_BLOCKS ? 0n : newest - TIP_SAMPLE_BLOCKS + 1n;
  const slice = createSlicer();
  const tips: bigint[] = [];
  for (let number = oldest; number <= newest; number++) {
    const block = chain.headerByNumber(number);
    if (block !== null) for (const { tip } of await blockTips.of(block)) tips.push(tip);
    await slice();
  }
  tips.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const chosen = tips[Math.floor(((tips.length - 1) * TIP_SAMPLE_PERCENTILE) / 100)] ?? IDLE_TIP;
  return chosen === 0n ? 1n : chosen;
}
