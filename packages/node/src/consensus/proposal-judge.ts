import { leaderOf } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { type Block, blockMatchesHeader, decidedParentOf, hashBlockHeader, type ProposalTuple } from '@heddle/types';
import type { BlockService } from '../chain/block-service.ts';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import type { MemberParts } from '../epochs/member-parts.ts';
import { InvalidBlockError } from '../errors.ts';

type Parts = Pick<MemberParts, 'chain' | 'leaders'> & {
  readonly blocks: Pick<BlockService, 'executeFrom'>;
  readonly validators: Pick<EpochValidators, 'epoch'>;
};

/** Judges the blocks that one epoch's leaders propose: their place in the epoch, then their contents. */
export class ProposalJudge {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Valid, executed and durable when it resolves. Throws as `BlockService.executeFrom`. */
  async verify(block: Block, tuple: ProposalTuple, from: PeerId): Promise<void> {
    const { blocks, chain } = this.#parts;
    this.#checkPlace(block, tuple);
    const executed = await blocks.executeFrom(block, tuple.blockHash, from);
    // A fetched block is in the tree without being on disk, and notarizing needs it there. The copy that was checked:
    // the leader's may be another one.
    await chain.keep(executed);
  }

  #checkPlace(block: Block, tuple: ProposalTuple): void {
    const { header, view, leader } = block;
    const { chain, validators, leaders } = this.#parts;
    const { epoch } = validators;
    const refuse = (rule: string): never => {
      throw new InvalidBlockError(tuple.blockHash, rule);
    };
    const boundary = chain.epochs.boundaryOf(epoch);
    if (hashBlockHeader(header) !== tuple.blockHash) refuse('it is not the block of its tuple');
    // The leader's fault, not the block's: if a quorum votes for the genuine one, that is fetched.
    if (!blockMatchesHeader(block)) refuse('the leader sent something else under its hash');
    if (tuple.parentHash === tuple.blockHash) {
      // [B2] As it is, with the view and the leader that made it.
      if (header.number !== boundary) refuse('only the last block of an epoch is proposed again');
      return;
    }
    if (header.number > boundary) refuse(`epoch ${epoch} ends at ${boundary}`); // [B1]
    const isOfTuple =
      decidedParentOf(block) === tuple.parentHash && view === tuple.view && leader === leaderOf(leaders, tuple.view);
    if (!isOfTuple) refuse('it is not the block of its tuple');
  }
}
