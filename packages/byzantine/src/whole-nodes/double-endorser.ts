import type { WireMessage } from '@heddle/network';
import type { Endorsement } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { forging } from '../over-the-wire.ts';

/** Endorses every chunk and another one, which nobody has, on the same parent. */
export const doubleEndorser: Actor = {
  name: 'double-endorser',
  description: 'sends each leader two endorsements for one shard and parent',
  proofs: ['doubleEndorse'],
  start: (tools) =>
    forging('endorsement', (message, to) => {
      const second: WireMessage = {
        kind: 'endorsement',
        endorsement: forOther(tools, message.endorsement),
      };
      tools.misdeed(to);
      return tools.dice.chance(0.5) ? [message, second] : [second, message];
    }),
};

function forOther({ index, sign }: ActorTools, first: Endorsement): Endorsement {
  const { shard, parentBlockHash } = first;
  const chunkHash = parentBlockHash;
  const signature = sign({ kind: 'endorse', shard, parentBlockHash, chunkHash, height: 0n });
  return { ...first, chunkHash, signer: index, signature };
}
