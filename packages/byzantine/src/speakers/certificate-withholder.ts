import { forgingAll, type Speaker } from '../speaker.ts';

/** Votes, but keeps certificates and finalize votes to itself: nobody learns from it what it has seen a quorum of. */
export const certificateWithholder: Speaker = {
  name: 'certificate-withholder',
  description: 'keeps its certificates, its status and its finalize votes to itself',
  proofs: [],
  start: ({ misdeed }) =>
    forgingAll((message) => {
      const isFinalize = message.kind === 'vote' && message.vote.kind === 'finalize';
      if (!isFinalize && message.kind !== 'certificate' && message.kind !== 'status') return [message];
      misdeed(null);
      return [];
    }),
};
