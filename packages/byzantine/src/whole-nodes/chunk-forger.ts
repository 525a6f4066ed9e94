import type { Chunk } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { spoiled } from '../forge.ts';
import { forging } from '../over-the-wire.ts';

/** Sends its genuine chunk headers with forged contents to half of the others: the header's hash covers none of it. */
export const chunkForger: Actor = {
  name: 'chunk-forger',
  description: 'as producer sends half of the others forged transactions, access lists or signatures',
  proofs: [],
  start: (tools) =>
    forging('chunk', (message) => {
      if (tools.dice.chance(0.5)) return [message];
      tools.misdeed(null);
      const forged = { kind: 'chunk', chunk: forge(tools, message.chunk) } as const;
      return tools.dice.chance(0.3) ? [forged, message] : [forged];
    }),
};

function forge({ dice }: ActorTools, chunk: Chunk): Chunk {
  const { transactions, accessList } = chunk.body;
  switch (dice.below(4)) {
    case 0:
      return { ...chunk, signature: spoiled(chunk.signature) };
    case 1:
      return { ...chunk, body: { transactions: [...transactions, Uint8Array.of(1)], accessList } };
    case 2:
      return { ...chunk, body: { transactions: transactions.slice(1), accessList: accessList.slice(1) } };
    default:
      return { ...chunk, body: { transactions: [...transactions, ...transactions], accessList: [] } };
  }
}
