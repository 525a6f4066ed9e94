import type { Actor } from '../actor.ts';
import { forging } from '../over-the-wire.ts';

/** Whenever a shard waits for its chunk, there is none. */
export const chunkWithholder: Actor = {
  name: 'chunk-withholder',
  description: 'as producer sends no chunk',
  proofs: [],
  start: ({ misdeed }) =>
    forging('chunk', () => {
      misdeed(null);
      return [];
    }),
};
