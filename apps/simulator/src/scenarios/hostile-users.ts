import { HostileUsers } from '../world/hostile-users.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

/** Between two of their transactions, milliseconds. */
const GAPS_MS = [20, 150, 400];

/** Every validator is honest and every transaction is valid; some users mean harm. */
export const hostileUsers: Scenario = {
  name: 'hostile-users',
  description: 'users choose refunds, gas limits, sizes and nonces so that they do as much harm as they can',
  prepare: UNPREPARED,
  play: async (world) => {
    const { dice, genesis, users } = world;
    const nodes = () => world.running().flatMap(({ node }) => (node === null ? [] : [node]));
    const hostile = new HostileUsers({ genesis, dice, users, nodes });
    const gapMs = dice.pick(GAPS_MS);
    const rounds = dice.between(5, 15);
    world.wantBlocks(3n);
    for (let round = 0; round < rounds; round++) {
      hostile.act();
      await world.pass(dice.between(1, 2 * gapMs));
    }
    // Longer than a node waits until it tells the others again of what is stuck in its pool.
    await world.pass(3_000);
    hostile.end();
  },
};
