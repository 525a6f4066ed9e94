import { type Chunk, type ChunkHeader, ZERO_HASH } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { signChunk } from '../forge.ts';
import { forging } from '../over-the-wire.ts';

/** Headers that execution does not give, one way each. */
const FORGERIES: readonly ((header: ChunkHeader) => ChunkHeader)[] = [
  (header) => ({ ...header, stateRoot: ZERO_HASH }),
  (header) => ({ ...header, receiptsRoot: ZERO_HASH }),
  (header) => ({ ...header, outboxRoot: ZERO_HASH }),
  (header) => ({ ...header, parentChunkHash: ZERO_HASH }),
  (header) => ({ ...header, gasUsed: header.gasLimit + 1n }),
  (header) => ({ ...header, gasLimit: header.gasLimit * 2n }),
  (header) => ({ ...header, baseFeePerGas: 0n }),
  (header) => ({ ...header, queuedWeight: header.queuedWeight + 1n }),
  (header) => ({ ...header, coveredHeight: header.coveredHeight + 1n }),
  (header) => ({ ...header, inboundCursors: header.inboundCursors.map((cursor) => cursor + 1n) }),
  (header) => ({ ...header, timestamp: 0n }),
  (header) => ({ ...header, timestamp: header.timestamp + 1_000_000n }),
];

/** As producer it signs chunks that break a rule; the same to everyone, so that nothing but the rule is against them. */
export const invalidChunkProducer: Actor = {
  name: 'invalid-chunk-producer',
  description: 'as producer signs chunks that break a rule',
  proofs: [],
  start: (tools) => {
    let last: { readonly genuine: string; readonly chunk: Chunk } | null = null;
    return forging('chunk', ({ chunk }) => {
      tools.misdeed(null);
      const genuine = `${chunk.header.shard}/${chunk.header.parentBlockHash}`;
      if (last?.genuine !== genuine) last = { genuine, chunk: invalid(tools, chunk) };
      return [{ kind: 'chunk', chunk: last.chunk }];
    });
  },
};

function invalid(tools: ActorTools, chunk: Chunk): Chunk {
  return signChunk(tools, { ...chunk, header: tools.dice.pick(FORGERIES)(chunk.header) });
}
