import { isChanged } from '../lane-state.ts';
import type { Accesses, Position } from '../results.ts';
import { KeyIndex } from './key-index.ts';

/**
 * For each execution of a chunk, in order: those before it that it has to wait for, ascending. It waits for the last
 * one that changed something which it touches. Access lists do not say who reads (EIP-7928), so recorded accesses are
 * the source; the coinbase's tips are not among those of a lane.
 */
export function dependenciesOf(executions: readonly Accesses[]): readonly (readonly Position[])[] {
  const index = new KeyIndex();
  /** By key: the last execution that changed it. */
  const lastChange = new Map<number, Position>();
  return executions.map((accesses, position) => {
    const dependencies = new Set<Position>();
    const changed: number[] = [];
    const touch = (key: number, isChange: boolean): void => {
      const before = lastChange.get(key);
      if (before !== undefined) dependencies.add(before);
      if (isChange) changed.push(key);
    };
    for (const account of accesses.touched) {
      touch(index.account(account.address), isChanged(account));
      for (const { slot, before, after } of account.slots) touch(index.slot(account.address, slot), before !== after);
    }
    for (const { address } of accesses.peekedAccounts) touch(index.account(address), false);
    for (const { address, slot } of accesses.peekedSlots) touch(index.slot(address, slot), false);
    for (const key of changed) lastChange.set(key, position);
    return [...dependencies].sort((a, b) => a - b);
  });
}
