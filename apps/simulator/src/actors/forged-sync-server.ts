import {
  type BlockRange,
  decodeBlockResponse,
  decodeChunkResponse,
  decodeHeadersResponse,
  decodeRangeResponse,
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeHeadersResponse,
  encodePoolResponse,
  encodeRangeResponse,
} from '@heddle/network';
import { type Block, type Chunk, ZERO_HASH } from '@heddle/types';
import { type Actor, type ActorTools, UNTOUCHED } from './actor.ts';
import { madeUpQuorum, spoiled } from './forge.ts';

const FAR = 2n ** 60n;

/** Answers requests with forged blocks, chunks, ranges and transactions, with other heights, with garbage or not at all. */
export const forgedSyncServer: Actor = {
  name: 'forged-sync-server',
  description: 'forges what it is asked for: blocks, chunks, ranges, heights, pooled transactions',
  proofs: [],
  start: (tools) => ({
    ...UNTOUCHED,
    answer: (request, honest) => {
      tools.misdeed(null);
      switch (tools.dice.below(12)) {
        case 0:
          return Promise.resolve(tools.dice.random.bytes(tools.dice.below(300)));
        case 1:
          return Promise.reject(new RangeError('nothing for you'));
        case 2:
          return new Promise(() => {}); // silence
        default:
          return Promise.resolve(forged(tools, request, honest));
      }
    },
  }),
};

function forged(tools: ActorTools, request: Uint8Array, honest: Uint8Array): Uint8Array {
  switch (decodeWireRequest(request).kind) {
    case 'blockRequest': {
      const block = decodeBlockResponse(honest);
      return encodeBlockResponse(block === null ? null : forgeBlock(tools, block));
    }
    case 'chunkRequest': {
      const chunk = decodeChunkResponse(honest);
      return encodeChunkResponse(chunk === null ? null : forgeChunk(tools, chunk));
    }
    case 'rangeRequest':
      return encodeRangeResponse(forgeRange(tools, decodeRangeResponse(honest)));
    case 'headersRequest': {
      const [first, ...rest] = decodeHeadersResponse(honest);
      return encodeHeadersResponse(first === undefined ? [] : [{ ...first, parentHash: ZERO_HASH }, ...rest]);
    }
    case 'poolRequest':
      return encodePoolResponse([Uint8Array.of(2), tools.dice.random.bytes(120), new Uint8Array(4_000)]);
  }
}

function forgeBlock({ dice, validatorCount }: ActorTools, block: Block): Block {
  const { header, chunks } = block;
  switch (dice.below(8)) {
    case 0:
      return { ...block, header: { ...header, number: dice.pick([0n, header.number - 1n, header.number + 1n, FAR]) } };
    case 1:
      return { ...block, header: { ...header, parentHash: ZERO_HASH } };
    case 2:
      return { ...block, view: dice.pick([0n, block.view + 1n, FAR]) };
    case 3:
      return { ...block, leader: (block.leader + 1) % validatorCount };
    case 4:
      return { ...block, randaoReveal: spoiled(block.randaoReveal) };
    case 5:
      return { ...block, chunks: chunks.map((chunk) => ({ ...chunk, certificate: null })) };
    case 6: {
      const quorum = madeUpQuorum(validatorCount);
      return {
        ...block,
        chunks: chunks.map((chunk) => ({
          ...chunk,
          certificate: chunk.certificate === null ? null : { ...chunk.certificate, ...quorum },
        })),
      };
    }
    default:
      return { ...block, chunks: chunks.map((chunk) => ({ ...chunk, header: { ...chunk.header, gasUsed: 77n } })) };
  }
}

function forgeChunk({ dice }: ActorTools, chunk: Chunk): Chunk {
  const { transactions, accessList } = chunk.body;
  switch (dice.below(4)) {
    case 0:
      return { ...chunk, header: { ...chunk.header, height: FAR } };
    case 1:
      return { ...chunk, signature: spoiled(chunk.signature) };
    case 2:
      return { ...chunk, body: { transactions: [...transactions, Uint8Array.of(1)], accessList } };
    default:
      return { ...chunk, body: { transactions: transactions.slice(1), accessList: [] } };
  }
}

function forgeRange(tools: ActorTools, { blocks, bestFinalization }: BlockRange): BlockRange {
  switch (tools.dice.below(6)) {
    case 0:
      return { blocks: [], bestFinalization };
    case 1:
      return { blocks: blocks.slice(1), bestFinalization };
    case 2:
      return { blocks: blocks.toReversed(), bestFinalization };
    case 3:
      return { blocks: [...blocks, ...blocks].slice(0, 32), bestFinalization };
    case 4: // genuine headers, so that the links hold, and forged contents
      return { blocks: blocks.map((entry) => ({ ...entry, chunks: [] })), bestFinalization };
    default:
      return {
        blocks: blocks.map(({ block, chunks }) => ({
          block: forgeBlock(tools, block),
          chunks: chunks.map((chunk) => forgeChunk(tools, chunk)),
        })),
        bestFinalization,
      };
  }
}
