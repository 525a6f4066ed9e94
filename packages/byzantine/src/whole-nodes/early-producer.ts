import type { Actor } from '../actor.ts';
import { signChunk } from '../forge.ts';
import { forging } from '../over-the-wire.ts';

/** Ahead of the clocks, seconds: held for a while, at the edge of being held, and never of use. */
const AHEAD_SECONDS = [2n, 8n, 9n, 3_600n];

/** As producer it signs a chunk that is good in a while only, and sends it before its genuine one. */
export const earlyProducer: Actor = {
  name: 'early-producer',
  description: 'as producer signs a second chunk for each parent, dated seconds or hours ahead, and sends it first',
  proofs: ['doubleProduce'],
  start: (tools) =>
    forging('chunk', (message, to) => {
      const { header } = message.chunk;
      const ahead = AHEAD_SECONDS[Number(header.height % BigInt(AHEAD_SECONDS.length))] ?? 0n;
      const timestamp = BigInt(Math.floor(tools.wallMs() / 1_000)) + ahead;
      const early = signChunk(tools, { ...message.chunk, header: { ...header, timestamp } });
      tools.misdeed(to);
      return [{ kind: 'chunk', chunk: early }, message];
    }),
};
