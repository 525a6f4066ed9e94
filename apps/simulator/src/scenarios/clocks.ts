import type { NodeWorld } from '../world/world.ts';
import type { Scenario } from './scenario.ts';

const MAX_SKEW_MS = 40_000;
const JUMP_MS = 300_000;

/** Clocks are wrong and event loops stand still. */
export const clocks: Scenario = {
  name: 'clocks',
  description: 'clocks 40 s off, jumps of 5 min, event loops that stand still for 0.3 to 10 s',
  prepare: async (world) => {
    for (const machine of chosen(world)) machine.skewMs = world.dice.between(-MAX_SKEW_MS, MAX_SKEW_MS);
  },
  play: async (world) => {
    const rounds = world.dice.between(2, 4);
    for (let round = 0; round < rounds; round++) {
      world.wantBlocks(2n);
      disturbClocks(world);
      await world.pass(world.dice.between(200, 4_000));
    }
    // The protocol bears f wrong clocks after GST, not more: chunks of a wrong time get no endorsement.
    for (const machine of world.dice.shuffled(world.machines).slice(world.faultBound)) machine.skewMs = 0;
  },
};

/** One clock jumps or one event loop stands still. */
export function disturbClocks(world: NodeWorld): void {
  const { dice } = world;
  const machine = dice.pick(world.machines);
  if (dice.chance(0.3)) machine.skewMs += dice.pick([-JUMP_MS, JUMP_MS]);
  else machine.stall(dice.pick([300, 1_000, 3_000, 10_000]));
}

function chosen(world: NodeWorld): NodeWorld['machines'] {
  return world.dice.shuffled(world.machines).slice(0, world.dice.between(0, world.plan.validators));
}
