import type { ValidatorIndex } from '@heddle/types';
import { MAX_HELD_BYTES, MAX_JOURNAL_RECORDS, MAX_UNFINAL_BLOCKS, MAX_VIEWS_IN_MEMORY } from '../limits.ts';
import type { Invariant } from './checker.ts';

/** What a validator keeps beside its chain stays below fixed bounds, whatever happens. */
export const boundedMemory: Invariant = {
  name: 'bounded-memory',
  create: (view, fail) => {
    const sinceFloor = new Map<ValidatorIndex, number>();
    const measure = (): void => {
      for (const { index, footprint } of view.live()) {
        const { views, unfinalBlocks, heldBytes } = footprint;
        if (views > MAX_VIEWS_IN_MEMORY) fail(`validator ${index} remembers ${views} views`);
        if (heldBytes > MAX_HELD_BYTES) fail(`validator ${index} holds ${heldBytes} bytes of messages`);
        if (unfinalBlocks > MAX_UNFINAL_BLOCKS) fail(`validator ${index} keeps ${unfinalBlocks} unfinal blocks`);
      }
    };
    return {
      on: (event) => {
        if (event.kind === 'healed' || event.kind === 'final') measure();
        if (event.kind === 'started') sinceFloor.set(event.machine, event.recovered.length);
        if (event.kind !== 'journaled') return;
        const { machine, records } = event;
        const floor = records.findLastIndex(({ kind }) => kind === 'floor' || kind === 'epochSwitch');
        const kept = floor === -1 ? (sinceFloor.get(machine) ?? 0) + records.length : records.length - floor;
        if (kept > MAX_JOURNAL_RECORDS) fail(`validator ${machine} has ${kept} journal records without a floor`);
        sinceFloor.set(machine, kept);
      },
      finish: () => {
        measure();
        for (const { index, footprint } of view.live()) {
          if (footprint.pooledTransactions > 0)
            fail(`validator ${index} still pools ${footprint.pooledTransactions} transactions, all of them executed`);
        }
      },
    };
  },
};
