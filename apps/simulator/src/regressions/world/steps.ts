import type { ValidatorIndex } from '@heddle/types';
import { ViolationError } from '../../errors.ts';
import type { World } from '../../world/world.ts';

/** Virtual time for one step of a scenario: some views at their longest. */
const LIMIT_MS = 180_000;

/** Throws ViolationError. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new ViolationError('scenario', what);
}

/** Lets time run until it is so. Throws ViolationError. */
export async function reach(world: World, what: string, done: () => boolean): Promise<void> {
  expectThat(await world.until(done, LIMIT_MS), `no ${what} in ${LIMIT_MS} ms: ${world.describe()}`);
}

/** So many more final blocks on every machine but one, or on all. Throws ViolationError. */
export async function moreBlocks(world: World, count: bigint, but: ValidatorIndex | null): Promise<void> {
  world.wantBlocks(count);
  const wanted = world.height + count;
  await reach(world, `block ${wanted}`, () =>
    world.machines.every(
      ({ index, node }) => index === but || (node !== null && node.chain.tree.root.height >= wanted),
    ),
  );
}

/** Starts a machine on a disk that no process may go on with; it has to see that and stop. Throws ViolationError. */
export async function expectRefusal(world: World, index: ValidatorIndex): Promise<void> {
  const machine = world.machine(index);
  const before = machine.crashes;
  machine.mayBreakDown = true;
  world.start(index);
  await reach(world, `refusal of validator ${index}`, () => machine.crashes > before);
  machine.mayBreakDown = false;
}
