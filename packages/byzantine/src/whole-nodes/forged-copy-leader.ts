import {
  decodeBlockResponse,
  decodeChunkResponse,
  decodeRangeResponse,
  decodeWireMessage,
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeRangeResponse,
  encodeWireMessage,
  kindOfEnvelope,
  type WireMessage,
} from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import { type Actor, type ActorTools, UNTOUCHED } from '../actor.ts';
import { otherBody, otherContents, otherRange } from './forged-contents.ts';

/** One victim a height gets its blocks and chunks under the right hash with other contents; the others what is right. */
export const forgedCopyLeader: Actor = {
  name: 'forged-copy-leader',
  description: 'sends one victim a height its proposal and chunks, and everyone what they fetch, with forged contents',
  proofs: [],
  start: (tools) => ({
    ...UNTOUCHED,
    send: (to, _protocol, payload) => {
      const kind = kindOfEnvelope(payload);
      if (kind !== 'chunk' && kind !== 'proposal') return [payload];
      return forged(tools, decodeWireMessage(payload), to)?.map(encodeWireMessage) ?? [payload];
    },
    answer: (request, honest) => {
      if (tools.dice.chance(0.3)) return Promise.resolve(honest);
      tools.misdeed(null);
      return Promise.resolve(forgedAnswer(tools, request, honest));
    },
  }),
};

/** Null where nothing is forged. */
function forged(tools: ActorTools, message: WireMessage, to: ValidatorIndex): readonly WireMessage[] | null {
  if (message.kind === 'chunk') {
    if (to !== victimAt(tools, message.chunk.header.height)) return null;
    tools.misdeed(null);
    return tools.dice.chance(0.5) ? [] : [{ kind: 'chunk', chunk: otherBody(tools, message.chunk) }];
  }
  if (message.kind !== 'proposal') return null;
  const { proposal } = message;
  if (to !== victimAt(tools, proposal.block.header.number)) return null;
  tools.misdeed(null);
  const copy: WireMessage = {
    kind: 'proposal',
    proposal: { ...proposal, block: otherContents(tools, proposal.block) },
  };
  return tools.dice.chance(0.3) ? [copy, message] : [copy];
}

function victimAt({ index, validatorCount }: ActorTools, height: bigint): ValidatorIndex {
  const step = 1 + Number(height % BigInt(Math.max(validatorCount - 1, 1)));
  return (index + step) % validatorCount;
}

function forgedAnswer(tools: ActorTools, request: Uint8Array, honest: Uint8Array): Uint8Array {
  switch (decodeWireRequest(request).kind) {
    case 'blockRequest': {
      const block = decodeBlockResponse(honest);
      return block === null ? honest : encodeBlockResponse(otherContents(tools, block));
    }
    case 'chunkRequest': {
      const chunk = decodeChunkResponse(honest);
      return chunk === null ? honest : encodeChunkResponse(otherBody(tools, chunk));
    }
    case 'rangeRequest':
      return encodeRangeResponse(otherRange(tools, decodeRangeResponse(honest)));
    default:
      return honest;
  }
}
