import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { atHeight, currentMembers, executed, expectThat, nextBoundary } from './steps.ts';

const ROUNDS = 3;

/**
 * The registry changes at every place within an epoch: a validator goes, another one comes. Until the boundary is final
 * the epoch is that of the old set, and the next one has what the registry held at half of it, no more and no less.
 */
export const keysChangedMidEpoch: Scenario = {
  name: 'keys-changed-mid-epoch',
  description: 'a validator goes and another one comes at every place within an epoch; the set changes at its end only',
  prepare: UNPREPARED,
  play: async (world) => {
    world.users.end();
    await executed(world);
    for (let round = 0; round < ROUNDS; round++) await changeOnce(world);
  },
};

async function changeOnce(world: NodeWorld): Promise<void> {
  const { epochLength } = world.plan;
  await atHeight(world, nextBoundary(world));
  const boundary = nextBoundary(world);
  const named = boundary - epochLength / 2n;
  await atHeight(world, boundary - epochLength + BigInt(world.dice.below(Number(epochLength) - 2)));
  const before = currentMembers(world);
  const [gone, come] = [world.dice.pick(before), outsider(world)];
  world.registry.remove(gone);
  world.registry.register(come);
  const { members } = world.registry;
  await executed(world);
  const heights = changeHeights(world, boundary - epochLength);
  const isInTime = heights.every((height) => height <= named);
  const isLate = heights.every((height) => height > named);
  for (let height = world.height; height < boundary; height++) {
    expectSame(currentMembers(world), before, `epoch before block ${boundary}`);
    await atHeight(world, height + 1n);
  }
  // Half of it in time, or another epoch by now: the checkers know the set, this scenario does not.
  if (world.height !== boundary || (!isInTime && !isLate)) return;
  expectSame(currentMembers(world), isInTime ? members : before, `epoch after block ${boundary}`);
}

/** Of the blocks above `height` in which the registry changed. */
function changeHeights(world: NodeWorld, height: bigint): readonly bigint[] {
  const { registrar } = world.genesis;
  const [live] = world.live();
  const found: bigint[] = [];
  for (let above = height + 1n; above <= world.height; above++) {
    const executions = live?.chain.store.executions(above).flat() ?? [];
    if (executions.some(({ transaction }) => transaction.sender === registrar.address)) found.push(above);
  }
  return found;
}

function outsider(world: NodeWorld): number {
  const { members } = world.registry;
  const found = world.machines.find(({ index }) => !members.includes(index));
  expectThat(found !== undefined, 'somebody is out of the set');
  return found?.index ?? 0;
}

function expectSame(actual: readonly number[], expected: readonly number[], where: string): void {
  const [left, right] = [actual.join(' '), expected.join(' ')];
  expectThat(left === right, `the ${where} has validators ${left}, not ${right}`);
}
