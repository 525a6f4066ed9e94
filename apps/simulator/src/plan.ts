import { Dice } from './dice.ts';
import { type Scenario, scenarioNamed, WEIGHTED_SCENARIOS } from './scenarios/index.ts';

/** Streams of draws of one seed. */
export const STREAMS = { plan: 1n, network: 2n, users: 3n, scenario: 4n, actors: 5n, disks: 6n } as const;

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
  /** BLS12-381 in the place of hashes. */
  readonly realSignatures: boolean;
}

/** Small sets and few shards most of the time: a seed costs with n² and with the shards, and finds the same bugs. */
const VALIDATORS: readonly (readonly [number, number])[] = [
  [4, 75],
  [5, 10],
  [6, 6],
  [7, 6],
  [10, 3],
];
const SHARDS: readonly (readonly [number, number])[] = [
  [1, 40],
  [2, 54],
  [3, 4],
  [4, 2],
];
const REAL_SIGNATURES = 0.01;

/** Draws everything in a fixed order, so that terms that fix one value leave the others of the seed as they are. */
export function planOf(seed: number, terms: PlanTerms): SeedPlan {
  const dice = Dice.of(seed, STREAMS.plan);
  const scenario = dice.weighted(WEIGHTED_SCENARIOS);
  const validators = dice.weighted(VALIDATORS);
  const shards = dice.weighted(SHARDS);
  const blockTimeMs = dice.pick([0, 0, 200, 1_000]);
  const maxIdleMs = dice.pick([null, null, null, 5_000]);
  return {
    seed,
    scenario: terms.scenario === null ? scenario : scenarioNamed(terms.scenario),
    validators: terms.validators ?? validators,
    shards: terms.shards ?? shards,
    blockTimeMs,
    maxIdleMs,
    realSignatures: dice.chance(REAL_SIGNATURES),
  };
}
