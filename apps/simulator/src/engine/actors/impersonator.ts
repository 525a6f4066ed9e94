import { viewOf } from '@heddle/consensus';
import { type Actor, type ActorKit, atOnce, type Utterance } from '../actor.ts';
import { spoiled, voteMessage } from '../forge.ts';

/**
 * Speaks in the names of others: forges their votes, claims their genuine ones as its own, and passes on under its own
 * connection what only they may say first-hand.
 */
export const impersonator: Actor = {
  name: 'impersonator',
  create: (kit) => (message, to) => {
    if (message.kind === 'proposal') {
      const { proposal } = message;
      const leaderNotarize = { ...proposal.leaderNotarize, signer: victimOf(kit) };
      return atOnce(message, { kind: 'proposal', proposal: { ...proposal, leaderNotarize } });
    }
    if (message.kind !== 'vote') return atOnce(message);
    const forged = { ...message.vote, signer: victimOf(kit), signature: spoiled(message.vote.signature) };
    const echo = voteMessage({ ...message.vote, signer: to });
    return [...atOnce(voteMessage(forged), echo, message), ...relayed(kit, viewOf(message.vote))];
  },
};

function victimOf({ config, random }: ActorKit): number {
  return random.below(config.validatorCount);
}

/** Genuine votes of others, from the wrong mouth. */
function relayed(kit: ActorKit, view: bigint): readonly Utterance[] {
  const votes = kit.state().views.get(view)?.votes;
  if (votes === undefined) return [];
  return atOnce(...[...votes.notarize.values(), ...votes.nullify.values()].map(voteMessage));
}
