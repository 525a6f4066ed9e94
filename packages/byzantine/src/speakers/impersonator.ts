import type { ConsensusMessage } from '@heddle/consensus';
import { spoiled, voteMessage } from '../forge.ts';
import type { Speaker, Speech } from '../speaker.ts';

/** Genuine messages of others that it keeps for repeating. */
const OVERHEARD = 16;

/**
 * Speaks in the names of others: forges their votes, claims its own as theirs, and says under its own connection what
 * only they may say first-hand, proposals included.
 */
export const impersonator: Speaker = {
  name: 'impersonator',
  description: 'forges votes of others and repeats their votes and proposals as if it were them',
  proofs: [],
  start: ({ index, validatorCount, dice, misdeed }) => {
    const overheard: ConsensusMessage[] = [];
    const hear = (message: ConsensusMessage): void => {
      if (message.kind !== 'vote' && message.kind !== 'proposal') return;
      overheard.push(message);
      if (overheard.length > OVERHEARD) overheard.shift();
    };
    const victim = (): number => (index + 1 + dice.below(validatorCount - 1)) % validatorCount;
    const say: Speech['say'] = (message, to) => {
      if (message.kind !== 'vote' && message.kind !== 'proposal') return [message];
      misdeed(null);
      if (message.kind === 'proposal') {
        const leaderNotarize = { ...message.proposal.leaderNotarize, signer: victim() };
        // A proposal like this ends its career as a leader, so that the other half of its tricks is seldom heard.
        const forged = { kind: 'proposal', proposal: { ...message.proposal, leaderNotarize } } as const;
        return dice.chance(0.2) ? [forged, message] : [message];
      }
      const { vote } = message;
      const forged = voteMessage({ ...vote, signer: victim(), signature: spoiled(vote.signature) });
      return [forged, voteMessage({ ...vote, signer: to }), ...overheard, message];
    };
    return { say, hear };
  },
};
