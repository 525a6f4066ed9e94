import { controlForger } from '@heddle/byzantine';
import { ViolationError } from '../errors.ts';
import { reach } from '../regressions/whole-nodes/steps.ts';
import type { Owner } from '../world/owner.ts';
import type { NodeWorld } from '../world/world.ts';
import { disturbMachines, revive } from './crashes.ts';
import { against } from './hostile-makers.ts';
import { disturbNetwork } from './network.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

/** Epochs that the laggard misses: more than any node keeps sets of in memory for unfinal blocks. */
const MISSED_EPOCHS = 5n;
const LONG_RUN = 3_000n;

/** The owner of a devnet at work while machines and network get worse. */
export const control: Scenario = {
  name: 'control',
  description: 'a devnet’s owner sets accounts and mines runs among crashes and partitions',
  prepare: UNPREPARED,
  play: async (world) => {
    const { dice } = world;
    const rounds = dice.between(3, 6);
    for (let round = 0; round < rounds; round++) {
      if (dice.chance(0.5)) world.wantBlocks(2n);
      dice.pick([disturbMachines, disturbMachines, disturbNetwork])(world);
      await world.pass(dice.between(100, 4_000));
      if (dice.chance(0.7)) revive(world);
      if (dice.chance(0.5)) world.network.heal();
    }
  },
};

/**
 * Run after run crosses epochs whose sets change, most of them up to where an epoch ends or names its set, while one machine
 * is down; others restart between. Then it comes back and climbs through all of them.
 */
export const controlAcrossEpochs: Scenario = {
  name: 'control-across-epochs',
  description: 'runs of mined blocks cross short epochs, with restarts and a laggard that misses five of them',
  prepare: UNPREPARED,
  play: async (world) => {
    const { dice } = world;
    const owner = ownerOf(world);
    const laggard = dice.pick(world.machines);
    await reach(world, 'a first block', () => world.height > 0n);
    laggard.kill();
    const target = world.height + MISSED_EPOCHS * world.plan.epochLength;
    for (let round = 0; world.height < target; round++) {
      if (round % 3 === 1) changeSet(world);
      if (round % 4 === 3)
        await restart(world, dice.pick(world.machines.filter((machine) => machine !== laggard)).index);
      owner.mine(LONG_RUN);
      await reach(world, 'a run', () => owner.isDone);
    }
    world.start(laggard.index);
    await reach(world, 'the laggard', () => world.hasEverywhere(target));
    owner.mine(LONG_RUN);
    await reach(world, 'a run of all', () => owner.isDone && world.hasEverywhere(world.height));
  },
};

function ownerOf({ owner }: NodeWorld): Owner {
  if (owner === null) throw new ViolationError('scenario', 'there is no owner');
  return owner;
}

/** The spare machine joins or leaves. */
function changeSet({ registry, plan }: NodeWorld): void {
  if (registry.members.includes(plan.validators)) registry.remove(plan.validators);
  else registry.register(plan.validators);
}

async function restart(world: NodeWorld, index: number): Promise<void> {
  const machine = world.machine(index);
  if (world.dice.chance(0.5)) machine.kill();
  else machine.losePower();
  await world.pass(world.dice.between(1, 500));
  world.start(index);
}

/** Where there is an owner, who is served in spite of them. */
export const againstControlForger: Scenario = against(
  controlForger,
  'f leaders propose control blocks that may not be',
);
/** On a network that is no devnet, where no control block may be. */
export const againstUsurper: Scenario = {
  ...against(controlForger, 'f leaders propose control blocks on a network that nobody owns'),
  name: 'against-usurper',
};
