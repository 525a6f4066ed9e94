import { type ConsensusMessage, requestOf, type VoteRequest } from '@heddle/consensus';
import type { Certificate, Vote } from '@heddle/types';
import { type Actor, type ActorKit, atOnce } from '../actor.ts';

/** Says everything for the epoch before or after, signed as it should be there. */
export const wrongEpoch: Actor = {
  name: 'wrong-epoch',
  create: (kit) => (message, to) => atOnce(moved(kit, message, to % 2 === 0 ? 1n : -1n)),
};

function moved(kit: ActorKit, message: ConsensusMessage, by: bigint): ConsensusMessage {
  const { config, signatures } = kit;
  switch (message.kind) {
    case 'vote':
      return { kind: 'vote', vote: signatures.vote(config.validatorIndex, movedRequest(message.vote, by)) };
    case 'certificate': {
      const signers = signatures.signersOf(message.certificate);
      return { kind: 'certificate', certificate: signatures.certify(movedRequest(message.certificate, by), signers) };
    }
    case 'proposal': {
      const { tuple } = message.proposal;
      return { kind: 'proposal', proposal: { ...message.proposal, tuple: { ...tuple, epoch: tuple.epoch + by } } };
    }
    case 'status':
      return { kind: 'status', status: { ...message.status, epoch: message.status.epoch + by } };
    case 'certificateRequest':
      return message;
  }
}

function movedRequest(item: Vote | Certificate, by: bigint): VoteRequest {
  const request = requestOf(item);
  if (request.kind === 'nullify') return { ...request, epoch: request.epoch + by };
  return { ...request, tuple: { ...request.tuple, epoch: request.tuple.epoch + by } };
}
