import { type Actor, atOnce, SILENCE } from '../actor.ts';

/** Votes, but keeps certificates and finalize votes to itself: nobody learns from it what it has seen a quorum of. */
export const certificateWithholder: Actor = {
  name: 'certificate-withholder',
  create: () => (message) => {
    const isWithheld = message.kind === 'certificate' || message.kind === 'status';
    return isWithheld || (message.kind === 'vote' && message.vote.kind === 'finalize') ? SILENCE : atOnce(message);
  },
};
