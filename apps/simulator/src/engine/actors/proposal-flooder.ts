import type { ConsensusMessage } from '@heddle/consensus';
import { makeBlock } from '@heddle/consensus/testing';
import { type Actor, type ActorKit, atOnce } from '../actor.ts';
import { proposalMessage, signProposal } from '../forge.ts';

const PER_MESSAGE = 3;

/** Floods with proposals for this view and the next ones, whoever leads them, all different and all well signed. */
export const proposalFlooder: Actor = {
  name: 'proposal-flooder',
  create: (kit) => (message) => atOnce(...Array.from({ length: PER_MESSAGE }, () => proposalOf(kit)), message),
};

function proposalOf(kit: ActorKit): ConsensusMessage {
  const { currentView, config } = kit.state();
  const view = currentView + BigInt(kit.random.below(4));
  const parentHash = config.genesisHash;
  const block = makeBlock(view, config.validatorIndex, parentHash, 1n, kit.random.below(1 << 16));
  const claim = { view, parentView: 0n, parentHash, block, parentCertificate: null, skipCertificates: [] };
  return proposalMessage(signProposal(kit, claim));
}
