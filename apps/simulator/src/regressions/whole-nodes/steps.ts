import { peerOf } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import { ViolationError } from '../../errors.ts';
import type { NodeWorld } from '../../world/world.ts';

/** Virtual time for one step of a scenario: some views at their longest. */
const LIMIT_MS = 180_000;

/** Throws ViolationError. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new ViolationError('scenario', what);
}

/** Lets time run until it is so. Throws ViolationError. */
export async function reach(world: NodeWorld, what: string, done: () => boolean): Promise<void> {
  expectThat(await world.until(done, LIMIT_MS), `no ${what} in ${LIMIT_MS} ms: ${world.describe()}`);
}

/** So many more final blocks on every machine but one, or on all. Throws ViolationError. */
export async function moreBlocks(world: NodeWorld, count: bigint, but: ValidatorIndex | null): Promise<void> {
  world.wantBlocks(count);
  const wanted = world.height + count;
  await reach(world, `block ${wanted}`, () =>
    world.machines.every(
      ({ index, node }) => index === but || (node !== null && node.chain.tree.root.height >= wanted),
    ),
  );
}

/** Starts a machine on a disk that no process may go on with; it has to see that and stop. Throws ViolationError. */
export async function expectRefusal(world: NodeWorld, index: ValidatorIndex): Promise<void> {
  const machine = world.machine(index);
  const before = machine.crashes;
  machine.mayBreakDown = true;
  world.start(index);
  await reach(world, `refusal of validator ${index}`, () => machine.crashes > before);
  machine.mayBreakDown = false;
}

/** Every machine has the block at `height`, asked for if need be. Throws ViolationError. */
export async function atHeight(world: NodeWorld, height: bigint): Promise<void> {
  if (height > world.height) await moreBlocks(world, height - world.height, null);
  await reach(world, `block ${height}`, () => world.hasEverywhere(height));
}

/** Height of the last block of the epoch that the highest machine is in. */
export function nextBoundary(world: NodeWorld): bigint {
  const { epochLength } = world.plan;
  return (world.height / epochLength + 1n) * epochLength;
}

/** The machines of the set that certifies the next block, in its order. Throws ViolationError when none is at the head. */
export function currentMembers(world: NodeWorld): readonly ValidatorIndex[] {
  const head = world.live().find(({ chain }) => chain.tree.root.height === world.height);
  if (head === undefined) throw new ViolationError('scenario', 'no honest machine is at the head');
  const { validators } = head.chain.validatorSets.ofChildren(head.chain.tree.root);
  return validators.map(({ publicKey }) => world.genesis.peers.indexOf(peerOf(publicKey)));
}

/** Everything that users and the owner of the registry have sent is executed. Throws ViolationError. */
export async function executed(world: NodeWorld): Promise<void> {
  await reach(world, 'execution of what was sent', () => world.users.waitingCount === 0);
  await reach(world, 'one height', () => world.hasEverywhere(world.height));
}
