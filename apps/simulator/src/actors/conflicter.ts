import { bytesToHex } from '@heddle/primitives';
import type { ProposalTuple } from '@heddle/types';
import type { Actor } from './actor.ts';
import { forging } from './outgoing.ts';

/** Votes for two tuples of one view: one half gets the honest vote, the other one for a block that nobody has (E2, E3). */
export const conflicter: Actor = {
  name: 'conflicter',
  description: 'signs two different votes for each view and sends each to half of the others',
  start: ({ sign, index, dice }) =>
    forging('vote', (message) => {
      const { vote } = message;
      if (vote.kind === 'nullify' || dice.chance(0.5)) return [message];
      const tuple: ProposalTuple = { ...vote.tuple, blockHash: bytesToHex(dice.random.bytes(32)) };
      const forged = { ...vote, tuple, signer: index, signature: sign({ kind: vote.kind, tuple }) };
      return dice.chance(0.5) ? [{ kind: 'vote', vote: forged }] : [message, { kind: 'vote', vote: forged }];
    }),
};
