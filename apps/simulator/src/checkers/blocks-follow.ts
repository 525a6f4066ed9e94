import type { ExecutedBlock } from '@heddle/node';
import { hashChunkHeader, hashSectionHeader, stateRootsOf } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { type Reckoning, Referee } from './referee.ts';

/** Each final block follows from its parent: who executes it from the start gets its chunks, its section and its roots. */
export const blocksFollow: Invariant = {
  name: 'blocks-follow',
  create: (view, fail) => {
    const referee = new Referee(view.genesis);
    let checked = 0n;
    return {
      on: (event) => {
        if (event.kind !== 'final' || event.block.height <= checked) return;
        checked = event.block.height;
        const difference = differenceOf(referee, event.block);
        if (difference !== null) fail(`block ${checked} of validator ${event.machine}: ${difference}`);
      },
      finish: () => {},
    };
  },
};

/** Null: it is what the referee reckons. */
function differenceOf(referee: Referee, executed: ExecutedBlock): string | null {
  try {
    return comparison(referee.execute(executed), executed);
  } catch (error) {
    return `it is invalid: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function comparison({ chunks, section, roots }: Reckoning, { block }: ExecutedBlock): string | null {
  for (const [shard, { header }] of block.chunks.entries()) {
    const reckoned = chunks[shard];
    if (reckoned === undefined || hashChunkHeader(reckoned) !== hashChunkHeader(header)) {
      return `the chunk of shard ${shard} is another one`;
    }
  }
  const given = block.section?.header ?? null;
  const [theirs, ours] = [given, section].map((header) => (header === null ? null : hashSectionHeader(header)));
  if (theirs !== ours) return 'its section is another one';
  return stateRootsOf(block).join() === roots.join() ? null : 'it lists other state roots';
}
