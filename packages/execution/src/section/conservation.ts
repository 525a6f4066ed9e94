import type { StateReader } from '@heddle/state';
import { balanceChange } from '../chunk/conservation.ts';
import type { SectionOutcome } from './types.ts';

/** How a section moved wei: change of all balances + burned − minted − tips of the chunks. 0 unless wei was made or lost. */
export function sectionSupplyChange(outcome: SectionOutcome, states: readonly StateReader[]): bigint {
  const balances = states.reduce((sum, state, shard) => {
    const changes = outcome.changes[shard];
    return changes === undefined ? sum : sum + balanceChange(changes, state);
  }, 0n);
  return balances + outcome.burned - outcome.minted - outcome.tips;
}
