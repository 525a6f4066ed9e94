import { type NetworkOptions, PLAIN_NETWORK, TestNetwork } from '../support/network.ts';

/** What a scenario found out, for the test to judge. */
export type Facts = Readonly<Record<string, number | boolean | string>>;

/** One story of a whole network. It throws when something is wrong that is wrong in any story. */
export interface Scenario {
  readonly name: string;
  run(): Promise<Facts>;
}

/** A network of four validators: one of them may be faulty. */
export const VALIDATORS = 4;
export const EVERYONE: readonly number[] = [0, 1, 2, 3];

export interface Setting {
  readonly shardCount: number;
  readonly blockTimeMs: number;
}

/** A scenario on a network of its own, whose validators are not started yet. */
export function scenario(name: string, setting: Setting, play: (network: TestNetwork) => Promise<Facts>): Scenario {
  return scenarioOn(name, { ...PLAIN_NETWORK, validatorCount: VALIDATORS, ...setting }, play);
}

/** The same with a say in everything. */
export function scenarioOn(
  name: string,
  options: NetworkOptions,
  play: (network: TestNetwork) => Promise<Facts>,
): Scenario {
  return {
    name,
    run: async () => {
      const network = await TestNetwork.create(options);
      try {
        return await play(network);
      } finally {
        await network.close();
      }
    },
  };
}

/** The same story on one shard and on two. */
export function onOneAndTwoShards(name: string, play: (network: TestNetwork) => Promise<Facts>): readonly Scenario[] {
  return [
    scenario(`${name}, one shard`, { shardCount: 1, blockTimeMs: 0 }, play),
    scenario(`${name}, two shards`, { shardCount: 2, blockTimeMs: 0 }, play),
  ];
}

/** Executes `count` transfers one after the other, given to the validators `via` in turn; every other shard is crossed. */
export async function transfers(network: TestNetwork, via: readonly number[], count: number): Promise<void> {
  const { shardCount } = network.genesis;
  for (let i = 0; i < count; i++) {
    const from = network.account(i % shardCount);
    const to = network.account((i + (i >> 1)) % shardCount, 1);
    await network.executed(network.transfer(via[i % via.length] ?? 0, from, to.address, 7n));
  }
}

/** Final chunks that are missing (with one shard: empty without a certificate), over all heights. */
export function missingChunks(network: TestNetwork): number {
  const { chain } = network.storage(0);
  let missing = 0;
  for (let height = 1n; height <= network.height; height++) {
    missing += chain.blockByNumber(height)?.chunks.filter(({ certificate }) => certificate === null).length ?? 0;
  }
  return missing;
}
