import { executionsOf } from '@heddle/node';
import { home } from '@heddle/sharding';
import type { Hash, RecoveredTransaction } from '@heddle/types';
import { SPARE_HEIGHTS_IN_POOLS } from '../limits.ts';
import type { Invariant } from './checker.ts';

interface Waiting {
  readonly transaction: RecoveredTransaction;
  /** Final heights at which it could have been executed and every honest validator had it. */
  heights: number;
}

/**
 * After GST a transaction that everybody honest has pooled, that is its sender's next and that pays is executed within n
 * blocks and some more, whatever up to f leaders and producers leave out. Where executing takes time, `slow-shards-progress` and the end of
 * the seed say what has to come.
 */
export const nobodyIsCensored: Invariant = {
  name: 'nobody-is-censored',
  create: (view, fail) => {
    const most = view.plan.validators + SPARE_HEIGHTS_IN_POOLS;
    const waiting = new Map<Hash, Waiting>();
    let isHealed = false;
    let checked = 0n;
    return {
      on: (event) => {
        if (event.kind === 'healed') isHealed = true;
        if (event.kind === 'submitted') {
          const { transaction } = event;
          waiting.set(transaction.hash, { transaction, heights: 0 });
        }
        if (event.kind !== 'final' || event.block.height <= checked) return;
        checked = event.block.height;
        for (const { transaction } of executionsOf(event.block)) waiting.delete(transaction.hash);
        if (!isHealed || view.slowdown > 0) return;
        // In a control block there is no room for anybody.
        if (event.block.section !== null && event.block.section.control !== null) return;
        const live = view.live();
        const states = event.block.shards.map(({ state }) => state);
        for (const entry of waiting.values()) {
          const { hash, sender, fields } = entry.transaction;
          const isNext = (states[home(sender, states.length)]?.account(sender)?.nonce ?? 0n) === fields.nonce;
          if (!isNext || !live.every(({ pool }) => pool.get(hash) !== undefined)) continue;
          entry.heights += 1;
          if (entry.heights > most) fail(`${hash} has waited for ${entry.heights} heights at block ${checked}`);
        }
      },
      finish: () => {},
    };
  },
};
