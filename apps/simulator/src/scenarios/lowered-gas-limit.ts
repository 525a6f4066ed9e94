import { ViolationError } from '../errors.ts';
import { executed, expectThat, reach } from '../regressions/whole-nodes/steps.ts';
import type { Purpose } from '../world/orders.ts';
import type { NodeWorld } from '../world/world.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

const HEAVY_GAS = 10_000_000n;
const HIGH = 45_000_000n;
/** Below what the transactions declare. */
const LOW = 5_000_000n;
/** A chunk would hold them, but no message: it has half of the limit. */
const LOW_FOR_MESSAGES = 15_000_000n;
/** Long enough for many blocks, if there were work, and for two heartbeats. */
const QUIET_MS = 10_000;
const MOST_QUIET_BLOCKS = 4n;

/**
 * The owner sets a gas limit below what the pools have taken before. That waits, and is no work: else empty blocks would follow
 * one another for as long as it does. With the limit raised again it is executed, without anybody sending it again.
 */
export const loweredGasLimit: Scenario = {
  name: 'lowered-gas-limit',
  description: 'a devnet’s owner lowers the gas limit below what waits in the pools, and raises it again',
  prepare: UNPREPARED,
  play: async (world) => {
    const { owner, users } = world;
    if (owner === null) throw new ViolationError('scenario', 'there is no owner');
    owner.finishAfter(0);
    users.end();
    await reach(world, 'start of all', () => world.hasEverywhere(0n));
    const { shardCount, dispatch } = world.genesis.genesis;
    const isAboutMessages = dispatch && shardCount > 1;
    const kinds: readonly Purpose[] = isAboutMessages ? ['crossShard'] : ['local', 'call'];
    const shards = new Set(Array.from({ length: shardCount }, (_, shard) => shard));
    users.sendHeavy(shards, kinds, HEAVY_GAS);
    // Others hear of it when the limit is lower, and refuse it.
    const taken = pooled(world);
    expectThat(taken.length > 0, 'somebody has taken what was sent');
    owner.limitGas(isAboutMessages ? LOW_FOR_MESSAGES : LOW);
    await reach(world, 'lower limit', () => owner.isDone && world.hasEverywhere(world.height));
    const { height } = world;
    await world.pass(QUIET_MS);
    expectThat(world.height <= height + MOST_QUIET_BLOCKS, `blocks ${height} … ${world.height} while all has to wait`);
    const kept = new Set(pooled(world));
    const dropped = taken.filter((place) => !kept.has(place));
    expectThat(dropped.length === 0, `dropped what waits: ${dropped.join(', ')}`);
    owner.limitGas(HIGH);
    await executed(world);
  },
};

/** Who has which of the transactions that wait. */
function pooled(world: NodeWorld): readonly string[] {
  return world
    .live()
    .flatMap(({ index, pool }) =>
      world.waiting().flatMap((hash) => (pool.get(hash) === undefined ? [] : [`${hash} of ${index}`])),
    );
}
