import { ZERO_ADDRESS } from '@heddle/types';
import type { Actor } from '../actor.ts';
import { signChunk } from '../forge.ts';
import { forging } from '../over-the-wire.ts';

/** Signs two chunks for one parent: a third of the others gets the first, a third the second, a third both. */
export const doubleProducer: Actor = {
  name: 'double-producer',
  description: 'as producer signs two chunks for one parent; some get one, some the other, some both',
  proofs: ['doubleProduce'],
  start: (tools) =>
    forging('chunk', (message, to) => {
      const { chunk } = message;
      const share = (to + tools.index + Number(chunk.header.height % 3n)) % 3;
      if (share === 0) return [message];
      // Without transactions nothing depends on the fee recipient: then both are good.
      const second = signChunk(tools, { ...chunk, header: { ...chunk.header, coinbase: ZERO_ADDRESS } });
      tools.misdeed(share === 1 ? to : null);
      return share === 1 ? [message, { kind: 'chunk', chunk: second }] : [{ kind: 'chunk', chunk: second }];
    }),
};
