import {
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
  type RangeResponse,
} from '@heddle/network';
import { type Block, type Chunk, ZERO_HASH } from '@heddle/types';
import { type Actor, type ActorTools, UNTOUCHED } from '../actor.ts';
import { otherBody, otherContents, otherRange } from './forged-contents.ts';

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

function forgeBlock(tools: ActorTools, block: Block): Block {
  const { header } = block;
  switch (tools.dice.below(6)) {
    case 0: {
      const number = tools.dice.pick([0n, header.number - 1n, header.number + 1n, FAR]);
      return { ...block, header: { ...header, number } };
    }
    case 1:
      return { ...block, header: { ...header, parentHash: ZERO_HASH } };
    default:
      return otherContents(tools, block);
  }
}

function forgeChunk(tools: ActorTools, chunk: Chunk): Chunk {
  if (tools.dice.chance(0.2)) return { ...chunk, header: { ...chunk.header, height: FAR } };
  return otherBody(tools, chunk);
}

function forgeRange(tools: ActorTools, range: RangeResponse): RangeResponse {
  const { blocks, bestFinalization } = range;
  switch (tools.dice.below(7)) {
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
    case 5:
      return otherRange(tools, range);
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
