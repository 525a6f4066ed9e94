import type { Actor } from './actor.ts';
import { forging } from './outgoing.ts';

/** Votes to skip every view that it votes for, beside its honest vote (evidence E4 where that is a finalize). */
export const nuller: Actor = {
  name: 'nuller',
  description: 'adds a nullify to each of its votes',
  start: ({ sign, index }) =>
    forging('vote', (message) => {
      const { vote } = message;
      if (vote.kind === 'nullify') return [message];
      const { epoch, view } = vote.tuple;
      const signature = sign({ kind: 'nullify', epoch, view });
      return [message, { kind: 'vote', vote: { kind: 'nullify', epoch, view, signer: index, signature } }];
    }),
};
