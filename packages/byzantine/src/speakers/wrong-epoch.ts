import { type ConsensusMessage, epochOf } from '@heddle/consensus';
import type { Vote } from '@heddle/types';
import { claimOf, nullify, proposalMessage, signProposal, voteMessage } from '../forge.ts';
import { forgingAll, type Speaker, type SpeakerTools } from '../speaker.ts';

/** Says everything for the epoch before or after, signed as it should be there. */
export const wrongEpoch: Speaker = {
  name: 'wrong-epoch',
  description: 'signs and sends everything for the epoch before or the one after',
  proofs: [],
  start: (tools) =>
    forgingAll((message, to) => {
      tools.misdeed(null);
      return [moved(tools, message, to % 2 === 0)];
    }),
};

function moved(tools: SpeakerTools, message: ConsensusMessage, isForward: boolean): ConsensusMessage {
  // There is no epoch before the first one.
  const shift = (epoch: bigint): bigint => (isForward || epoch === 0n ? epoch + 1n : epoch - 1n);
  switch (message.kind) {
    case 'vote':
      return voteMessage(movedVote(tools, message.vote, shift));
    case 'proposal': {
      const claim = claimOf(message.proposal);
      return proposalMessage(signProposal(tools, { ...claim, epoch: shift(claim.epoch) }));
    }
    case 'certificate': {
      const { certificate } = message;
      return { kind: 'certificate', certificate: tools.movedTo(shift(epochOf(certificate)), certificate) };
    }
    case 'status':
      return { kind: 'status', status: { ...message.status, epoch: shift(message.status.epoch) } };
    default:
      return message;
  }
}

function movedVote(tools: SpeakerTools, vote: Vote, shift: (epoch: bigint) => bigint): Vote {
  if (vote.kind === 'nullify') return nullify(tools, shift(vote.epoch), vote.view);
  const tuple = { ...vote.tuple, epoch: shift(vote.tuple.epoch) };
  return { ...vote, tuple, signature: tools.sign({ kind: vote.kind, tuple }) };
}
