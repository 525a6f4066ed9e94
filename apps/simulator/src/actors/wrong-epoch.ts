import type { WireMessage } from '@heddle/network';
import type { Vote } from '@heddle/types';
import type { Actor, ActorTools } from './actor.ts';
import { claimOf, nullify, proposalMessage, signProposal, voteMessage } from './forge.ts';
import { forgingConsensus } from './outgoing.ts';

/** Says everything for the epoch before or after, signed as it should be there. */
export const wrongEpoch: Actor = {
  name: 'wrong-epoch',
  description: 'signs and sends everything for the epoch before or the one after',
  proofs: [],
  start: (tools) =>
    forgingConsensus((message, to) => {
      tools.misdeed(null);
      return [moved(tools, message, to % 2 === 0)];
    }),
};

function moved(tools: ActorTools, message: WireMessage, isForward: boolean): WireMessage {
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
      if (certificate.kind === 'nullify') {
        return { kind: 'certificate', certificate: { ...certificate, epoch: shift(certificate.epoch) } };
      }
      const tuple = { ...certificate.tuple, epoch: shift(certificate.tuple.epoch) };
      return { kind: 'certificate', certificate: { ...certificate, tuple } };
    }
    case 'status':
      return { kind: 'status', status: { ...message.status, epoch: shift(message.status.epoch) } };
    default:
      return message;
  }
}

function movedVote(tools: ActorTools, vote: Vote, shift: (epoch: bigint) => bigint): Vote {
  if (vote.kind === 'nullify') return nullify(tools, shift(vote.epoch), vote.view);
  const tuple = { ...vote.tuple, epoch: shift(vote.tuple.epoch) };
  return { ...vote, tuple, signature: tools.sign({ kind: vote.kind, tuple }) };
}
