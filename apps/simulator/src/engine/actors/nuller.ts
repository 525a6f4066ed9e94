import { viewOf } from '@heddle/consensus';
import { type Actor, atOnce } from '../actor.ts';
import { ownVote, voteMessage } from '../forge.ts';

/** Nullifies every view that it votes in, beside whatever it says there: nullify with finalize [E4]. */
export const nuller: Actor = {
  name: 'nuller',
  create: (kit) => (message) => {
    if (message.kind !== 'vote') return atOnce(message);
    const { epoch } = kit.config;
    return atOnce(message, voteMessage(ownVote(kit, { kind: 'nullify', epoch, view: viewOf(message.vote) })));
  },
};
