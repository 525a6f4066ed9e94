import type { ExecutedBlock } from '@heddle/node';
import { type ControlState, hashChunkHeader, hashSectionHeader, stateRootsOf } from '@heddle/types';
import { MAX_LOOK_BACK } from '../limits.ts';
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
  const refusal = referee.refusalOf(executed);
  if (refusal !== null) return refusal;
  try {
    const { shards, block } = executed;
    const unseen = referee.unseen(
      executed,
      shards.map(({ state }) => state),
    );
    const difference = comparison(referee.execute(executed), executed);
    if (difference !== null) return difference;
    if (unseen !== null) return `its operations have no effect: ${unseen}`;
    if (block.section === null || block.section.control === null) return null;
    const count = 1 + (executed.derived?.hashes.length ?? 0);
    const forgotten = referee.forgotten(block.header.number - MAX_LOOK_BACK, count);
    return forgotten === null ? null : `some state has no hash or root that block ${forgotten} wrote`;
  } catch (error) {
    return `it is invalid: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function comparison({ hash, chunks, section, roots, control }: Reckoning, executed: ExecutedBlock): string | null {
  const { block } = executed;
  for (const [shard, { header }] of block.chunks.entries()) {
    const reckoned = chunks[shard];
    if (reckoned === undefined || hashChunkHeader(reckoned) !== hashChunkHeader(header)) {
      return `the chunk of shard ${shard} is another one`;
    }
  }
  const given = block.section?.header ?? null;
  const [theirs, ours] = [given, section].map((header) => (header === null ? null : hashSectionHeader(header)));
  if (theirs !== ours) return 'its section is another one';
  if (stateRootsOf(block).join() !== roots.join()) return 'it lists other state roots';
  if (executed.hash !== hash) return 'its header is another one';
  return sameControl(executed.control, control) ? null : 'it leaves something else for blocks to come';
}

function sameControl(a: ControlState, b: ControlState): boolean {
  return (
    a.nextNumber === b.nextNumber &&
    a.gasLimit === b.gasLimit &&
    a.nextBaseFee === b.nextBaseFee &&
    a.nextPrevRandao === b.nextPrevRandao
  );
}
