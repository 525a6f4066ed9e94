import type { RangeResponse } from '@heddle/network';
import type { Block, BlockChunk, Chunk } from '@heddle/types';
import type { ActorTools } from '../actor.ts';
import { madeUpQuorum, spoiled } from '../forge.ts';

type ForgeBlock = (tools: ActorTools, block: Block) => Block;
type ForgeChunk = (tools: ActorTools, chunk: Chunk) => Chunk;

const FAR = 2n ** 60n;

function withChunks(change: (chunk: BlockChunk, tools: ActorTools) => BlockChunk): ForgeBlock {
  return (tools, block) => ({ ...block, chunks: block.chunks.map((chunk) => change(chunk, tools)) });
}

/** Everything that comes along with a block's header; the hash is that of the header alone. */
const BLOCK_FORGERIES: readonly ForgeBlock[] = [
  ({ dice }, block) => ({ ...block, view: dice.pick([0n, block.view + 1n, FAR]) }),
  ({ validatorCount }, block) => ({ ...block, leader: (block.leader + 1) % validatorCount }),
  (_, block) => ({ ...block, randaoReveal: spoiled(block.randaoReveal) }),
  (_, block) => ({ ...block, chunks: block.chunks.slice(1) }),
  (_, block) => ({ ...block, chunks: [...block.chunks, ...block.chunks] }),
  (_, block) => ({ ...block, chunks: block.chunks.toReversed() }),
  withChunks((chunk) => ({ ...chunk, header: { ...chunk.header, gasUsed: 77n } })),
  withChunks((chunk) => ({ ...chunk, header: { ...chunk.header, height: chunk.header.height + 1n } })),
  withChunks((chunk) => ({ ...chunk, certificate: null })),
  withChunks(({ header, certificate, ...rest }, { validatorCount }) => ({
    ...rest,
    header,
    certificate: certificate === null ? null : { ...certificate, ...madeUpQuorum(validatorCount) },
  })),
  withChunks(({ header, certificate, ...rest }) => ({
    ...rest,
    header,
    certificate: certificate === null ? null : { ...certificate, bitmap: certificate.bitmap.map((byte) => byte ^ 1) },
  })),
  withChunks((chunk) => ({ ...chunk, placements: [{ address: `0x${'11'.repeat(20)}`, shard: 0 }] })),
];

/** The same of a chunk. */
const CHUNK_FORGERIES: readonly ForgeChunk[] = [
  (_, chunk) => ({ ...chunk, signature: spoiled(chunk.signature) }),
  (_, { body, ...rest }) => ({ ...rest, body: { ...body, transactions: [...body.transactions, Uint8Array.of(1)] } }),
  (_, { body, ...rest }) => ({ ...rest, body: { ...body, transactions: body.transactions.slice(1) } }),
  (_, { body, ...rest }) => ({
    ...rest,
    body: { ...body, transactions: [...body.transactions, ...body.transactions].toReversed() },
  }),
  (_, { body, ...rest }) => ({ ...rest, body: { ...body, accessList: body.accessList.slice(1) } }),
  (_, { body, ...rest }) => ({ ...rest, body: { ...body, accessList: body.accessList.toReversed() } }),
];

/** A block with the same hash and other contents. */
export function otherContents(tools: ActorTools, block: Block): Block {
  return tools.dice.pick(BLOCK_FORGERIES)(tools, block);
}

/** A chunk with the same hash and another body or signature. */
export function otherBody(tools: ActorTools, chunk: Chunk): Chunk {
  return tools.dice.pick(CHUNK_FORGERIES)(tools, chunk);
}

/** Genuine headers, so that all links hold; one block of them with other contents, or chunks that are not its own. */
export function otherRange(tools: ActorTools, { blocks, ...rest }: RangeResponse): RangeResponse {
  const victim = tools.dice.below(Math.max(blocks.length, 1));
  const forged = blocks.map((entry, at) => {
    if (at !== victim) return entry;
    const { block, chunks } = entry;
    switch (tools.dice.below(4)) {
      case 0:
        return { block: otherContents(tools, block), chunks };
      case 1:
        return { block, chunks: chunks.map((chunk) => otherBody(tools, chunk)) };
      case 2:
        return { block, chunks: [] };
      default:
        return { block, chunks: [...chunks, ...(blocks[at - 1]?.chunks ?? chunks)] };
    }
  });
  return { ...rest, blocks: forged };
}
