import { Dice } from './dice.ts';
import {
  CHANGING_SETS,
  CHUNK_DEADLINES_MS,
  LONG_EPOCHS,
  type Scenario,
  SHARD_COUNTS,
  SHORT_EPOCHS,
  scenarioNamed,
  WEIGHTED_SCENARIOS,
} from './scenarios/index.ts';

/** Streams of draws of one seed. */
export const STREAMS = { plan: 1n, network: 2n, users: 3n, scenario: 4n, actors: 5n, disks: 6n, wire: 7n } as const;

/** What is the same for a whole run of seeds; null = drawn for each seed. */
export interface PlanTerms {
  readonly validators: number | null;
  readonly shards: number | null;
  readonly scenario: string | null;
}

/** Everything about a seed that is fixed before it starts. */
export interface SeedPlan {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly validators: number;
  readonly shards: number;
  readonly blockTimeMs: number;
  readonly maxIdleMs: number | null;
  /** D, ms; null = a devnet's. */
  readonly chunkDeadlineMs: number | null;
  /** Blocks of an epoch. */
  readonly epochLength: bigint;
  /** Machines whose keys are not in the set of epoch 0. */
  readonly spares: number;
  /** BLS12-381 in the place of hashes. */
  readonly realSignatures: boolean;
}

/** Small sets and few shards most of the time: a seed costs with n² and with the shards, and finds the same bugs. */
const VALIDATORS: readonly (readonly [number, number])[] = [
  [4, 86],
  [5, 6],
  [6, 3],
  [7, 4],
  [10, 1],
];
const SHARDS: readonly (readonly [number, number])[] = [
  [1, 46],
  [2, 51],
  [3, 2],
  [4, 1],
];
const REAL_SIGNATURES = 0.01;
/** What the default of a genesis is: no simulated chain gets there. */
export const LONG_EPOCH = 7_200n;
const SHORT_EPOCH = 0.2;

/** Draws everything in a fixed order, so that terms that fix one value leave the others of the seed as they are. */
export function planOf(seed: number, terms: PlanTerms): SeedPlan {
  const dice = Dice.of(seed, STREAMS.plan);
  const scenario = dice.weighted(WEIGHTED_SCENARIOS);
  const validators = dice.weighted(VALIDATORS);
  const shards = dice.weighted(SHARDS);
  const blockTimeMs = dice.pick([0, 0, 200, 1_000]);
  const maxIdleMs = dice.pick([null, null, null, 5_000]);
  const realSignatures = dice.chance(REAL_SIGNATURES);
  const isShort = dice.chance(SHORT_EPOCH);
  const shortEpoch = BigInt(dice.between(5, 12));
  const played = terms.scenario === null ? scenario : scenarioNamed(terms.scenario);
  const counts = SHARD_COUNTS.get(played) ?? [shards];
  const hasShort = SHORT_EPOCHS.has(played) || (isShort && !LONG_EPOCHS.has(played));
  return {
    seed,
    scenario: played,
    validators: terms.validators ?? validators,
    shards: terms.shards ?? dice.pick(counts),
    blockTimeMs,
    maxIdleMs,
    chunkDeadlineMs: CHUNK_DEADLINES_MS.get(played) ?? null,
    epochLength: hasShort ? shortEpoch : LONG_EPOCH,
    spares: hasShort ? (CHANGING_SETS.get(played) ?? 0) : 0,
    realSignatures,
  };
}
