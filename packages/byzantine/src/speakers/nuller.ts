import { viewOf } from '@heddle/consensus';
import { nullify, voteMessage } from '../forge.ts';
import { forging, type Speaker } from '../speaker.ts';

/** Votes to skip every view that it votes for, beside its honest vote (evidence E4 where that is a finalize). */
export const nuller: Speaker = {
  name: 'nuller',
  description: 'adds a nullify to each of its votes',
  proofs: ['nullifyAndFinalize'],
  start: (tools) =>
    forging('vote', (message, to) => {
      const { vote } = message;
      if (vote.kind === 'nullify') return [message];
      tools.misdeed(vote.kind === 'finalize' ? to : null);
      return [message, voteMessage(nullify(tools, vote.tuple.epoch, viewOf(vote)))];
    }),
};
