import { viewOf } from '@heddle/consensus';
import { type Actor, type ActorKit, atOnce, type Utterance } from '../actor.ts';
import { ownVote, voteMessage } from '../forge.ts';

/** Never proposes, notarizes or finalizes: says nullify wherever an honest validator would say anything of a view. */
export const nullifyOnly: Actor = {
  name: 'nullify-only',
  create: (kit) => (message) => {
    if (message.kind === 'proposal') return nullify(kit, message.proposal.tuple.view);
    return message.kind === 'vote' ? nullify(kit, viewOf(message.vote)) : atOnce(message);
  },
};

function nullify(kit: ActorKit, view: bigint): readonly Utterance[] {
  return atOnce(voteMessage(ownVote(kit, { kind: 'nullify', epoch: kit.config.epoch, view })));
}
