import { type Claim, makeBlock } from '@heddle/consensus/testing';
import { type Actor, type ActorKit, atOnce } from '../actor.ts';
import { claimOf, proposalMessage, signProposal, spoiled } from '../forge.ts';

/** Builds on an ancestor of the best parent, as if the views between had been nullified: would undo what is final. */
export const parentSkipper: Actor = {
  name: 'parent-skipper',
  create: (kit) => (message) => {
    if (message.kind !== 'proposal') return atOnce(message);
    return atOnce(proposalMessage(signProposal(kit, skipping(kit, claimOf(message.proposal)))));
  },
};

function skipping(kit: ActorKit, claim: Claim): Claim {
  const { config, finalizedView } = kit.state();
  const { view, block, parentCertificate: skipped } = claim;
  if (skipped === null) return claim;
  const older = skipped.tuple.parentView;
  const parent = kit.state().views.get(older)?.notarization ?? null;
  if (parent === null && older > 0n && older < finalizedView) return claim; // forgotten by now
  const parentView = parent === null ? 0n : older;
  const parentHash = parent === null ? config.genesisHash : parent.tuple.blockHash;
  const height = parent === null ? 1n : block.header.number - 1n;
  const skipCertificates = Array.from({ length: Number(view - parentView) - 1 }, (_, index) => {
    const forged = kit.signatures.certifySkip(config.epoch, parentView + 1n + BigInt(index), allOf(config));
    return { ...forged, aggregate: spoiled(forged.aggregate) };
  });
  const replaced = makeBlock(view, config.validatorIndex, parentHash, height, kit.random.below(1 << 16));
  return { view, parentView, parentHash, block: replaced, parentCertificate: parent, skipCertificates };
}

function allOf({ validatorCount }: ActorKit['config']): readonly number[] {
  return Array.from({ length: validatorCount }, (_, index) => index);
}
