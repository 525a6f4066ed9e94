import type { StateReader } from '@heddle/state';
import type { SectionOutcome } from './types.ts';

/** How a section moved wei: change of all balances + burned − tips of the chunks. 0 unless wei was made or lost. */
export function sectionSupplyChange(outcome: SectionOutcome, states: readonly StateReader[]): bigint {
  let balances = 0n;
  for (const [shard, { accounts }] of outcome.changes.entries()) {
    for (const [address, account] of accounts) {
      balances += (account?.balance ?? 0n) - (states[shard]?.account(address)?.balance ?? 0n);
    }
  }
  return balances + outcome.burned - outcome.tips;
}
