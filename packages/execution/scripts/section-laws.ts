import type { StateChanges, StateReader } from '@heddle/state';
import { sectionSupplyChange } from '../src/index.ts';
import { changesOf } from '../src/lanes/list-changes.ts';
import type { SectionOutcome } from '../src/section/types.ts';

/** Laws of every section: no wei is made or lost, and the access list of each shard tells all of its changes. Broken ones. */
export function brokenLaws(outcome: SectionOutcome, states: readonly StateReader[]): readonly string[] {
  const supply = sectionSupplyChange(outcome, states);
  const broken = supply === 0n ? [] : [`${supply} wei came out of nowhere`];
  for (const [shard, state] of states.entries()) {
    const changes = printChanges(outcome.changes[shard]);
    const listed = printChanges(changesOf(outcome.accessLists[shard] ?? [], state));
    if (changes !== listed) broken.push(`shard ${shard}: its access list says ${listed}, its changes are ${changes}`);
  }
  return broken;
}

/** The same text for the same changes. */
export function printChanges(changes: StateChanges | undefined): string {
  if (changes === undefined) return 'none';
  const { accounts, storage, codes } = changes;
  const words = [...storage].map(([address, slots]) => [address, sorted(slots)] as const).sort(byText);
  return JSON.stringify(
    { accounts: sorted(accounts), words, codes: [...codes.keys()].sort() },
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
}

function sorted<K extends string | bigint, V>(map: ReadonlyMap<K, V>): readonly (readonly [string, V])[] {
  return [...map].map(([key, value]) => [key.toString(), value] as const).sort(byText);
}

function byText(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
