import type { Hash } from '@heddle/types';
import { headNumber } from '../chain/resolve.ts';
import { IDLE_TIP, TIP_SAMPLE_BLOCKS, TIP_SAMPLE_PERCENTILE } from '../limits.ts';
import type { ChainReader } from '../ports.ts';
import { createSlicer } from '../slices.ts';
import { sortedTips } from './tips.ts';

/** Suggests the tip of a next transaction, wei a gas. Computed once for each head. */
export interface TipOracle {
  suggestedTip(): Promise<bigint>;
}

/** A percentile of the tips in the last blocks; IDLE_TIP while they hold no transaction. Never 0, which pools refuse. */
export function createTipOracle(chain: ChainReader): TipOracle {
  let cached: { readonly head: Hash; readonly tip: Promise<bigint> } | null = null;
  const sample: TipSample = new Map();
  return {
    suggestedTip() {
      const head = chain.head().hash;
      if (cached === null || cached.head !== head) {
        const tip = sampleTip(chain, sample);
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

/** Tips by block number. Blocks are final: what was read once stays true. */
type TipSample = Map<bigint, readonly bigint[]>;

async function sampleTip(chain: ChainReader, sample: TipSample): Promise<bigint> {
  const newest = headNumber(chain);
  const oldest = newest < TIP_SAMPLE_BLOCKS ? 0n : newest - TIP_SAMPLE_BLOCKS + 1n;
  const slice = createSlicer();
  for (let number = oldest; number <= newest; number++) {
    if (sample.has(number)) continue;
    const block = await chain.blockByNumber(number);
    if (block !== null)
      sample.set(
        number,
        sortedTips(block).map(({ tip }) => tip),
      );
    await slice();
  }
  for (const number of sample.keys()) if (number < oldest) sample.delete(number);
  const tips = [...sample.values()].flat();
  tips.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const chosen = tips[Math.floor(((tips.length - 1) * TIP_SAMPLE_PERCENTILE) / 100)] ?? IDLE_TIP;
  return chosen === 0n ? 1n : chosen;
}
