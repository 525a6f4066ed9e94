import type { ExecutedBlock } from '@heddle/node';
import { type ControlPart, type ControlState, type Hash, hashSectionBody } from '@heddle/types';
import type { Invariant } from './checker.ts';

/** What a block leaves that no header shows. */
interface Left {
  readonly control: ControlState;
  /** Heights missed in a row, by shard. */
  readonly missed: readonly number[];
}

/**
 * What the owner submits becomes final exactly once, in the order of its numbers, and as it was submitted; nothing else does.
 * What is left for blocks to come is the same on all machines, before and after a restart.
 */
export const controlIsDoneOnce: Invariant = {
  name: 'control-is-done-once',
  create: (view, fail) => {
    /** By number: what was wanted under it, one of which becomes final. */
    const wanted = new Map<bigint, ControlPart['operations'][]>();
    const left = new Map<Hash, Left>();
    let done = 0n;
    let checked = 0n;
    const check = (who: number, hash: Hash, found: Left): void => {
      const known = left.get(hash);
      if (known === undefined) left.set(hash, found);
      else if (!isSame(known, found))
        fail(`validator ${who} has ${describe(found)} behind ${hash}, another one ${describe(known)}`);
    };
    const take = (height: bigint, part: ControlPart): void => {
      if (part.number !== done) fail(`block ${height} has control part ${part.number}, ${done} is next`);
      const asSubmitted = (wanted.get(part.number) ?? []).some((operations) => isOf(part, operations));
      if (!asSubmitted) fail(`nobody wanted control part ${part.number} as block ${height} has it`);
      done += 1n;
    };
    return {
      on: (event) => {
        if (event.kind === 'controlSubmitted') {
          const { number, operations } = event.submission;
          wanted.set(number, [...(wanted.get(number) ?? []), operations]);
        }
        if (event.kind === 'started') check(event.machine, event.chain.tree.root.hash, leftBy(event.chain.tree.root));
        if (event.kind !== 'final') return;
        const { hash, height, block } = event.block;
        check(event.machine, hash, leftBy(event.block));
        if (height <= checked) return;
        checked = height;
        const part = block.section?.control ?? null;
        if (part !== null) take(height, part);
      },
      finish: () => {
        if (BigInt(wanted.size) !== done) fail(`${done} of ${wanted.size} submissions are final`);
        for (const { index, chain } of view.live()) {
          const { root } = chain.tree;
          check(index, root.hash, { ...leftBy(root), control: chain.store.control() });
        }
      },
    };
  },
};

function leftBy({ control, shards }: ExecutedBlock): Left {
  return { control, missed: shards.map(({ missed }) => missed) };
}

function isSame(a: Left, b: Left): boolean {
  return describe(a) === describe(b);
}

function isOf(part: ControlPart, operations: ControlPart['operations']): boolean {
  const hash = (control: ControlPart): Hash => hashSectionBody({ control, transactions: [] });
  return hash(part) === hash({ ...part, operations });
}

function describe({ control, missed }: Left): string {
  const { nextNumber, gasLimit, nextBaseFee, nextPrevRandao } = control;
  return `${nextNumber}/${gasLimit}/${nextBaseFee}/${nextPrevRandao}/${missed.join(' ')}`;
}
