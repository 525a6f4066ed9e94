import { equalBytes, rememberedBy } from '@heddle/primitives';
import { hashAccessList } from './access-list-codec.ts';
import type { Block, Chunk } from './block.ts';
import { blockExtraData } from './block-codec.ts';
import { hashBodyTransactions } from './chunk-codec.ts';
import type { Hash } from './ids.ts';
import { hashSectionBody } from './section-codec.ts';

/*
 * A hash names one content: what comes along with a header is what the header commits, or it is a forged copy. That is a
 * fact about who sent it, never about what the hash names. To be asked before anything of a copy is executed or kept. Each
 * copy is compared once: on its way it is asked about several times, and by every validator of a process.
 */

/** Whether the body is the one that the header commits. Neither signature nor execution is checked. */
export const bodyMatchesHeader: (chunk: Chunk) => boolean = rememberedBy(
  ({ header, body }) =>
    header.bodyRoot === hashBodyTransactions(body.transactions) &&
    header.accessListHash === hashAccessList(body.accessList),
);

/** State roots of the shards after the block, in shard order: what the next chunks stand on. */
export function stateRootsOf({ chunks, section }: Block): readonly Hash[] {
  return section === null ? chunks.map(({ header }) => header.stateRoot) : section.header.stateRoots;
}

/** The block that this one was decided on: its header's parent, but for a run, whose derived blocks lie between. */
export function decidedParentOf({ header, section }: Block): Hash {
  return section?.control?.parentHash ?? header.parentHash;
}

/** Whether everything that the block carries is what its header commits. Not for genesis, whose file says `extraData`. */
export const blockMatchesHeader: (block: Block) => boolean = rememberedBy((block) => {
  const { header, view, leader, randaoReveal, chunks, section } = block;
  return (
    equalBytes(header.extraData, blockExtraData(view, leader, randaoReveal, chunks, section?.header ?? null)) &&
    (section === null || section.header.bodyRoot === hashSectionBody(section))
  );
});
