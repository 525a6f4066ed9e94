import type { ExecutedBlock } from '@heddle/node';
import { isImpersonated, type RecoveredTransaction } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** No final block has a transaction that nobody signed: no process of a simulated network makes any. */
export const nobodyIsImpersonated: Invariant = {
  name: 'nobody-is-impersonated',
  create: (_view, fail) => {
    let checked = 0n;
    return {
      on: (event) => {
        if (event.kind !== 'final' || event.block.height <= checked) return;
        checked = event.block.height;
        const unsigned = transactionsOf(event.block).find(isImpersonated);
        if (unsigned !== undefined) fail(`block ${checked}: nobody signed ${unsigned.hash} of ${unsigned.sender}`);
      },
      finish: () => {},
    };
  },
};

function transactionsOf({ shards, section }: ExecutedBlock): readonly RecoveredTransaction[] {
  const inChunks = shards.flatMap(({ executed }) => executed?.outcome.included ?? []);
  return [...inChunks, ...(section?.outcome.executed ?? []).map(({ transaction }) => transaction)];
}
