import { conflicter, overTheWire } from '@heddle/byzantine';
import type { Scenario } from './scenario.ts';

/**
 * A bug on purpose, never drawn: the checkers are told that all validators are honest, while one signs whatever it is
 * asked to. A run that does not fail here would find no such bug anywhere.
 */
export const laxSigner: Scenario = {
  name: 'lax-signer',
  description: 'one validator signs two votes for one view and nobody expects it: has to fail',
  prepare: async (world) => {
    world.dice.pick(world.machines).corrupt(overTheWire(conflicter));
  },
  play: async (world) => {
    world.wantBlocks(5n);
    await world.pass(2_000);
  },
};
