import type { JournalRecord } from '@heddle/consensus';
import type { ValidatorIndex, Vote } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

/** A vote leaves its validator only after its journal record is durable (consensus.md, Durability). */
export const votesAreDurableFirst: Invariant = {
  name: 'votes-are-durable-first',
  create: (_view, fail) => {
    const durable = new Set<string>();
    const nameOf = (machine: ValidatorIndex, vote: Vote): string => `${machine} ${vote.kind} ${placeOf(vote)}`;
    return {
      on: (event) => {
        if (event.kind === 'journaled' || event.kind === 'started') {
          const records = event.kind === 'started' ? event.recovered : event.records;
          for (const record of records) if (isOwnVote(record)) durable.add(nameOf(event.machine, record.vote));
        }
        if (event.kind === 'voteSent' && !durable.has(nameOf(event.machine, event.vote)))
          fail(`validator ${event.machine} sends a ${event.vote.kind} for ${placeOf(event.vote)} without a record`);
      },
      finish: () => {},
    };
  },
};

function isOwnVote(record: JournalRecord): record is Extract<JournalRecord, { readonly kind: 'ownVote' }> {
  return record.kind === 'ownVote';
}
