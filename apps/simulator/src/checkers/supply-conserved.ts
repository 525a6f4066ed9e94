import { weiInFlight } from '@heddle/execution';
import type { Chain, ExecutedBlock } from '@heddle/node';
import type { Invariant } from './checker.ts';
import { KnownAccounts } from './known-accounts.ts';

/**
 * Balances, wei in flight between shards and wei burned sum up to the genesis supply and what a devnet's owner has made,
 * after every final block.
 */
export const supplyConserved: Invariant = {
  name: 'supply-conserved',
  create: (view, fail) => {
    /** Others have the same block hash at this height, and with it the same state. */
    let checked = 0n;
    const { supply } = view.genesis;
    const known = new KnownAccounts(view.genesis);
    const sumOf = (chain: Chain, block: ExecutedBlock): bigint => {
      let sum = chain.store.burned() - chain.store.minted();
      for (const { state, queue } of block.shards) {
        for (const address of known.all()) sum += state.account(address)?.balance ?? 0n;
        for (const message of queue) sum += weiInFlight(message);
      }
      return sum;
    };
    return {
      on: (event) => {
        if (event.kind !== 'final' || event.block.height <= checked) return;
        checked = event.block.height;
        known.add(event.block);
        const missing = supply - sumOf(event.chain, event.chain.tree.root);
        if (missing !== 0n) fail(`block ${checked} of validator ${event.machine}: ${missing} wei are missing`);
      },
      finish: () => {
        for (const { index, chain } of view.live()) {
          const missing = supply - sumOf(chain, chain.tree.root);
          if (missing !== 0n) fail(`validator ${index} ends with ${missing} wei missing`);
        }
      },
    };
  },
};
