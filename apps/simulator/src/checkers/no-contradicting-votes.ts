import type { JournalRecord } from '@heddle/consensus';
import { bytesToHex } from '@heddle/primitives';
import { proposalId, type ValidatorIndex, type Vote } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

type Votes = Map<Vote['kind'], string>;

/** What an honest validator has signed stays without contradiction over all its lives: E2, E3 and E4 of consensus.md. */
export const noContradictingVotes: Invariant = {
  name: 'no-contradicting-votes',
  create: (_view, fail) => {
    const votes = new Map<string, Votes>();
    const check = (machine: ValidatorIndex, vote: Vote): void => {
      const place = `validator ${machine}, ${placeOf(vote)}`;
      const cast = votes.get(place) ?? new Map<Vote['kind'], string>();
      votes.set(place, cast);
      const subject = vote.kind === 'nullify' ? '' : bytesToHex(proposalId(vote.tuple));
      const known = cast.get(vote.kind) ?? subject;
      if (known !== subject) fail(`${place}: two ${vote.kind} votes, for ${known} and ${subject}`);
      cast.set(vote.kind, known);
      const finalized = cast.get('finalize');
      if (finalized === undefined) return;
      if (cast.has('nullify')) fail(`${place}: finalize and nullify`);
      if ((cast.get('notarize') ?? finalized) !== finalized)
        fail(`${place}: notarize and finalize for different tuples`);
    };
    return {
      on: (event) => {
        if (event.kind === 'voteSent') check(event.machine, event.vote);
        if (event.kind !== 'journaled' && event.kind !== 'started') return;
        const records = event.kind === 'started' ? event.recovered : event.records;
        for (const vote of records.flatMap(votesIn)) check(event.machine, vote);
      },
      finish: () => {},
    };
  },
};

function votesIn(record: JournalRecord): readonly Vote[] {
  return record.kind === 'ownVote' ? [record.vote] : [];
}
