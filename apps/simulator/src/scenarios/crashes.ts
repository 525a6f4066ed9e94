import type { Machine } from '../world/machine.ts';
import type { NodeWorld } from '../world/world.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

/** Processes end in every way there is, one or all, and come back. */
export const crashes: Scenario = {
  name: 'crashes',
  description: 'kills, power failures, orderly stops, all at once, disks that fail, are full or slow; all come back',
  prepare: UNPREPARED,
  play: async (world) => {
    const rounds = world.dice.between(3, 6);
    for (let round = 0; round < rounds; round++) {
      world.wantBlocks(2n);
      disturbMachines(world);
      await world.pass(world.dice.between(10, 2_500));
      if (world.dice.chance(0.7)) revive(world);
    }
  },
};

/** One more machine, or all of them, in trouble. */
export function disturbMachines(world: NodeWorld): void {
  world.dice.weighted([
    [killOne, 4],
    [losePower, 3],
    [endAll, 2],
    [stopOne, 2],
    [breakDisk, 2],
    [slowDisks, 2],
  ] as const)(world);
}

/** Repairs disks and starts what is down, all or each by chance. */
export function revive(world: NodeWorld): void {
  const share = world.dice.pick([0.5, 1]);
  for (const machine of world.machines) {
    if (!world.dice.chance(share)) continue;
    machine.disk.failure = null;
    world.start(machine.index);
  }
}

function anyRunning(world: NodeWorld): Machine | null {
  const running = world.running();
  return running.length === 0 ? null : world.dice.pick(running);
}

function killOne(world: NodeWorld): void {
  anyRunning(world)?.kill();
}

function losePower(world: NodeWorld): void {
  anyRunning(world)?.losePower();
}

/** At the same moment. */
function endAll(world: NodeWorld): void {
  const isPowerFailure = world.dice.chance(0.5);
  for (const machine of world.running()) {
    if (isPowerFailure) machine.losePower();
    else machine.kill();
  }
}

function stopOne(world: NodeWorld): void {
  const machine = anyRunning(world);
  machine?.stop().catch(() => machine.kill());
}

/** Every write fails from now on, until somebody repairs it. */
function breakDisk(world: NodeWorld): void {
  const machine = anyRunning(world);
  if (machine !== null) machine.disk.failure = world.dice.pick(['EIO', 'ENOSPC'] as const);
}

/** So that crashes come between any two steps of a write. */
function slowDisks(world: NodeWorld): void {
  const { dice } = world;
  const most = dice.pick([2, 20, 300]);
  for (const machine of world.machines) machine.disk.delayMs = () => dice.below(most);
}
