import { staleExValidator } from '@heddle/byzantine';
import { peerOf } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';
import type { NodeWorld } from '../world/world.ts';
import { disturbMachines, revive } from './crashes.ts';
import { disturbNetwork } from './network.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

/** Virtual time that a boundary may take to come while things are wrong. */
const BOUNDARY_MS = 15_000;
/** Less than this the registry of a simulation never holds: one fault stops such a set, and no fault forks it. */
const FEWEST = 3;

/** The set changes by transactions while machines crash and lag around the boundaries. */
export const epochs: Scenario = {
  name: 'epochs',
  description: 'validators join, leave and come back; crashes, power failures and laggards around the boundaries',
  prepare: UNPREPARED,
  play: async (world) => {
    const { dice } = world;
    const rounds = dice.between(2, 4);
    for (let round = 0; round < rounds; round++) {
      if (dice.chance(0.8)) changeSet(world);
      if (dice.chance(0.15)) await leaveOneBehind(world);
      await comeNearBoundary(world);
      dice.pick([disturbMachines, disturbMachines, disturbNetwork])(world);
      await world.pass(dice.between(10, 2_500));
      if (dice.chance(0.7)) revive(world);
      if (dice.chance(0.5)) world.network.heal();
      if (dice.chance(0.8)) goStale(world);
    }
  },
};

/**
 * The owner of the registry changes it in one way or another; nothing happens without spare machines. Whatever part of
 * its changes is executed when the next set is named, that set bears its byzantine validators.
 */
export function changeSet(world: NodeWorld): void {
  if (world.machines.length === world.plan.validators) return;
  world.dice.weighted([
    [join, 3],
    [leave, 3],
    [replace, 2],
    [comeBack, 2],
    [enterTwice, 1],
  ] as const)(world);
}

function join(world: NodeWorld): void {
  const { members } = world.registry;
  const outsiders = world.machines.filter(({ index }) => !members.includes(index));
  const chosen = outsiders.filter(({ index }) => isBearable(world, [...members, index]));
  if (chosen.length > 0) world.registry.register(world.dice.pick(chosen).index);
}

function leave(world: NodeWorld): void {
  const chosen = removable(world);
  if (chosen.length > 0) world.registry.remove(world.dice.pick(chosen));
}

function replace(world: NodeWorld): void {
  join(world);
  leave(world);
}

/** Out and in again: at another place of the set, or not even out of it when both are in time for the same one. */
function comeBack(world: NodeWorld): void {
  const chosen = removable(world);
  if (chosen.length === 0) return;
  const machine = world.dice.pick(chosen);
  world.registry.remove(machine);
  world.registry.register(machine);
}

/** A key that stands there twice counts once. */
function enterTwice(world: NodeWorld): void {
  world.registry.register(world.dice.pick(world.registry.members));
}

function removable(world: NodeWorld): readonly ValidatorIndex[] {
  const { members } = world.registry;
  return members.filter((machine) =>
    isBearable(
      world,
      members.filter((member) => member !== machine),
    ),
  );
}

function isBearable(world: NodeWorld, members: readonly ValidatorIndex[]): boolean {
  const faulty = members.filter((member) => world.byzantine.has(member)).length;
  return members.length >= FEWEST && faulty <= Math.floor((members.length - 1) / 3);
}

/** Up to two blocks before the end of the epoch, or on it. */
async function comeNearBoundary(world: NodeWorld): Promise<void> {
  const { epochLength } = world.plan;
  const boundary = (world.height / epochLength + 1n) * epochLength;
  const target = boundary - BigInt(world.dice.below(3));
  if (target > world.height) world.wantBlocks(target - world.height);
  await world.until(() => world.height >= target, BOUNDARY_MS);
  world.wantBlocks(2n);
}

/** One that has left the set votes on with its old key, under its old index. */
function goStale(world: NodeWorld): void {
  const { members } = world.registry;
  const [live] = world.live();
  if (live === undefined) return;
  const { validators } = live.chain.validatorSets.ofChildren(live.chain.tree.root);
  const sitting = new Set(validators.map(({ publicKey }) => peerOf(publicKey)));
  const gone = world.machines.find(
    ({ index, peer, isHonest }) =>
      isHonest && index < world.plan.validators && !members.includes(index) && !sitting.has(peer),
  );
  if (gone === undefined) return;
  gone.kill();
  world.corrupt(gone.index, staleExValidator);
  world.start(gone.index);
}

/** One machine is down for two epochs, if the others get through them. */
async function leaveOneBehind(world: NodeWorld): Promise<void> {
  const { epochLength } = world.plan;
  const laggard = world.dice.pick(world.machines);
  for (const { index } of world.machines) if (index !== laggard.index) world.start(index);
  laggard.kill();
  const target = world.height + 2n * epochLength;
  world.wantBlocks(2n * epochLength);
  await world.until(() => world.height >= target, 2 * BOUNDARY_MS);
  world.start(laggard.index);
}
