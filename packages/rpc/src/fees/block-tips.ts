import type { Hash } from '@heddle/types';
import { MAX_CACHED_TIPS } from '../limits.ts';
import type { ChainReader, HashedHeader } from '../ports.ts';
import { sortedTips, type WeightedTip } from './tips.ts';

/** The tips of final blocks, smallest first; read from the chain once and kept while there is room. */
export interface BlockTips {
  of(block: HashedHeader): Promise<readonly WeightedTip[]>;
}

const NO_TIPS: readonly WeightedTip[] = [];

export function createBlockTips(chain: ChainReader): BlockTips {
  // By hash: what a block holds never changes. The least recently read goes first.
  const cached = new Map<Hash, readonly WeightedTip[]>();
  let count = 0;

  function keep(hash: Hash, tips: readonly WeightedTip[]): void {
    cached.set(hash, tips);
    count += tips.length;
    for (const [oldest, { length }] of cached) {
      if (count <= MAX_CACHED_TIPS) return;
      cached.delete(oldest);
      count -= length;
    }
  }

  return {
    async of({ header, hash }) {
      if (header.gasUsed === 0n) return NO_TIPS;
      const known = cached.get(hash);
      if (known !== undefined) {
        cached.delete(hash);
        cached.set(hash, known);
        return known;
      }
      const block = chain.blockByNumber(header.number);
      const tips = block === null ? NO_TIPS : sortedTips(block);
      if (!cached.has(hash)) keep(hash, tips);
      return tips;
    },
  };
}
