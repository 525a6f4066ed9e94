import { executionsOf } from '@heddle/node';
import type { Hash } from '@heddle/types';
import type { Invariant } from './checker.ts';

/**
 * Every transaction that a validator took is executed exactly once, with a receipt, and found everywhere at the end. All that
 * users send succeeds on Ethereum, and so it does here; a call that was sent to another shard may need a third one.
 */
export const noLostTransaction: Invariant = {
  name: 'no-lost-transaction',
  create: (view, fail) => {
    const taken = new Set<Hash>();
    const executed = new Map<Hash, bigint>();
    return {
      on: (event) => {
        if (event.kind === 'submitted') taken.add(event.transaction.hash);
        if (event.kind !== 'final') return;
        const { height } = event.block;
        for (const { transaction, receipt, deliveredBy } of executionsOf(event.block)) {
          const known = executed.get(transaction.hash) ?? height;
          if (known !== height) fail(`${transaction.hash} is executed in blocks ${known} and ${height}`);
          if (receipt.status !== 1 && deliveredBy === null) fail(`${transaction.hash} failed in block ${height}`);
          executed.set(transaction.hash, height);
        }
      },
      finish: () => {
        for (const { index, chain } of view.live()) {
          for (const hash of taken) {
            const location = chain.store.transactionLocation(hash);
            if (location?.kind !== 'executed') fail(`validator ${index} has no execution of ${hash}`);
            else if (
              chain.store.executions(location.height)[location.part]?.[location.index]?.transaction.hash !== hash
            )
              fail(`validator ${index} has another receipt where that of ${hash} should be`);
          }
        }
      },
    };
  },
};
