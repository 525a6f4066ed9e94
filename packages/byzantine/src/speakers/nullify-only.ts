import { viewOf } from '@heddle/consensus';
import { nullify, voteMessage } from '../forge.ts';
import { forgingAll, type Speaker } from '../speaker.ts';

/** Never proposes, notarizes or finalizes: says nullify wherever an honest validator would say anything of a view. */
export const nullifyOnly: Speaker = {
  name: 'nullify-only',
  description: 'nullifies every view in which it would vote or propose, and does neither',
  proofs: [],
  start: (tools) =>
    forgingAll((message) => {
      if (message.kind === 'proposal') {
        const { epoch, view } = message.proposal.tuple;
        tools.misdeed(null);
        return [voteMessage(nullify(tools, epoch, view))];
      }
      if (message.kind !== 'vote' || message.vote.kind === 'nullify') return [message];
      tools.misdeed(null);
      return [voteMessage(nullify(tools, message.vote.tuple.epoch, viewOf(message.vote)))];
    }),
};
