import {
  epochOf,
  epochOfSlot,
  type JournalRecord,
  SIGNER_WINDOW_EPOCHS,
  SIGNER_WINDOW_POSITIONS,
  type SignerHistory,
  viewOf,
} from '@heddle/consensus';
import { equalBytes } from '@heddle/primitives';
import type { ValidatorIndex, Vote } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

/**
 * Whatever a validator has sent or journaled, its signer's database has: the signer's record is durable before anybody
 * sees a signature (consensus.md, Durability). Holds after every end of a process, power failures included.
 */
export const signerRemembers: Invariant = {
  name: 'signer-remembers',
  create: (_view, fail) => {
    const sent = new Map<ValidatorIndex, Map<string, Vote>>();
    const sentBy = (machine: ValidatorIndex): Map<string, Vote> => {
      const votes = sent.get(machine) ?? new Map<string, Vote>();
      sent.set(machine, votes);
      return votes;
    };
    return {
      on: (event) => {
        if (event.kind === 'voteSent')
          sentBy(event.machine).set(`${slotOf(event.vote)} ${viewOf(event.vote)}`, event.vote);
        // A signer that knows of its loss is silent instead.
        if (event.kind !== 'started' || event.signed.silentBefore > 0n) return;
        const recall = memoryOf(event.signed);
        for (const vote of [...sentBy(event.machine).values(), ...event.recovered.flatMap(ownVotes)]) {
          const place = `${vote.kind} of ${placeOf(vote)}`;
          const signature = recall(vote);
          if (signature === 'pruned') continue;
          if (signature === null) fail(`validator ${event.machine} comes back without a record of its ${place}`);
          else if (!equalBytes(signature, vote.signature)) fail(`validator ${event.machine} recorded another ${place}`);
        }
      },
      finish: () => {},
    };
  },
};

/** The signature that is on record for a vote; a store may drop what lies far below the highest of its slot or epoch. */
function memoryOf({ records }: SignerHistory): (vote: Vote) => Uint8Array | 'pruned' | null {
  const signatures = new Map(records.map(({ slot, position, signature }) => [`${slot} ${position}`, signature]));
  const highest = new Map<string, bigint>();
  const newest = records.reduce((epoch, { slot }) => greater(epoch, epochOfSlot(slot)), 0n);
  for (const { slot, position } of records) {
    if (position > (highest.get(slot) ?? 0n)) highest.set(slot, position);
  }
  return (vote) => {
    const slot = slotOf(vote);
    const signature = signatures.get(`${slot} ${viewOf(vote)}`) ?? null;
    const isBelow =
      viewOf(vote) + SIGNER_WINDOW_POSITIONS < (highest.get(slot) ?? 0n) ||
      epochOf(vote) + SIGNER_WINDOW_EPOCHS < newest;
    return signature === null && isBelow ? 'pruned' : signature;
  };
}

function slotOf(vote: Vote): string {
  return `${epochOf(vote)}/${vote.kind}`;
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function ownVotes(record: JournalRecord): readonly Vote[] {
  return record.kind === 'ownVote' ? [record.vote] : [];
}
