import {
  type Actor,
  emptyMaker,
  overLocalProducer,
  sectionStuffer,
  senderCensor,
  unsignedGossiper,
  unsignedMaker,
} from '@heddle/byzantine';
import type { NodeWorld } from '../world/world.ts';
import { disturbNetwork } from './network.ts';
import type { Scenario } from './scenario.ts';

/** f validators follow this actor, and the network is good or bad. */
export function against(actor: Actor, description: string): Scenario {
  return {
    name: `against-${actor.name}`,
    description,
    prepare: async (world) => corruptAll(world, actor),
    play: async (world) => {
      const phases = world.dice.between(1, 3);
      for (let phase = 0; phase < phases; phase++) {
        world.wantBlocks(4n);
        if (world.dice.chance(0.3)) disturbNetwork(world);
        await world.pass(world.dice.between(500, 4_000));
      }
    },
  };
}

function corruptAll(world: NodeWorld, actor: Actor): void {
  for (const { index } of world.dice.shuffled(world.machines).slice(0, world.faultBound)) world.corrupt(index, actor);
}

/** On a devnet, whose own process alone may make transactions without a signature. */
export const againstUnsignedGossiper: Scenario = against(unsignedGossiper, 'f validators gossip what nobody signed');
/** On a network that is no devnet, where such transactions are in no block. */
export const againstUnsignedMaker: Scenario = against(unsignedMaker, 'f validators make blocks of what nobody signed');

/** Those who harm what crosses shards, f of them at a time. */
export const HOSTILE_MAKERS: readonly Scenario[] = [
  against(sectionStuffer, 'f leaders propose sections that execution does not give'),
  against(emptyMaker, 'f validators make chunks and sections without transactions'),
  against(senderCensor, 'f validators leave one sender out'),
  against(overLocalProducer, 'f producers execute in their chunks what touches other shards'),
];
