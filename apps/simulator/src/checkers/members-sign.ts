import { epochOf } from '@heddle/consensus';
import { bytesToHex } from '@heddle/primitives';
import type { ValidatorIndex, Vote } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { NamedSets } from './named-sets.ts';
import { placeOf } from './places.ts';

/**
 * An honest machine votes in the epochs whose set has its key, as the index that it has there, and in no other; nor in one
 * whose last block is final on it ([B4]).
 */
export const membersSign: Invariant = {
  name: 'members-sign',
  create: (view, fail) => {
    const sets = new NamedSets(view);
    const keys = view.genesis.candidates.map(({ publicKey }) => bytesToHex(publicKey));
    const { epochLength } = view.genesis.genesis;
    /** Epoch of the block that comes next on a machine. */
    const current = new Map<ValidatorIndex, bigint>();
    const check = (machine: ValidatorIndex, vote: Vote): void => {
      const holder = sets.ofEpoch(epochOf(vote))?.keys[vote.signer] ?? null;
      if (holder !== keys[machine]) fail(`machine ${machine} votes as validator ${vote.signer} in ${placeOf(vote)}`);
      if (epochOf(vote) < (current.get(machine) ?? 0n))
        fail(`machine ${machine} votes in ${placeOf(vote)}, which is over`);
    };
    return {
      on: (event) => {
        sets.on(event);
        if (event.kind === 'final') current.set(event.machine, event.block.height / epochLength);
        if (event.kind === 'started') current.set(event.machine, event.chain.tree.root.height / epochLength);
        if (event.kind === 'voteSent') check(event.machine, event.vote);
      },
      finish: () => {},
    };
  },
};
