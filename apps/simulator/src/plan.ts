import { Dice } from '@heddle/runtime';
import {
  CHANGING_SETS,
  CHUNK_DEADLINES_MS,
  LONG_EPOCHS,
  NO_DEVNETS,
  OWNED,
  SHARD_COUNTS,
  SHORT_EPOCHS,
  scenarioNamed,
  WEIGHTED_SCENARIOS,
} from './scenarios/index.ts';
import { type SeedPlan, STREAMS } from './world/seed-plan.ts';

/** What is the same for a whole run of seeds; null = drawn for each seed. */
export interface PlanTerms {
  readonly validators: number | null;
  readonly shards: number | null;
  readonly scenario: string | null;
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
  [1, 30],
  [2, 50],
  [3, 9],
  [4, 7],
  [8, 4],
];
const REAL_SIGNATURES = 0.01;
const DISPATCH = 0.3;
const OWNER = 1 / 3;
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
  const dispatch = dice.chance(DISPATCH);
  const played = terms.scenario === null ? scenario : scenarioNamed(terms.scenario);
  const counts = SHARD_COUNTS.get(played) ?? [shards];
  const shardsOfScenario = dice.pick(counts);
  const isOwned = dice.chance(OWNER);
  const hasShort = SHORT_EPOCHS.has(played) || (isShort && !LONG_EPOCHS.has(played));
  return {
    seed,
    scenario: played.name,
    validators: terms.validators ?? validators,
    shards: terms.shards ?? shardsOfScenario,
    dispatch,
    devnet: !NO_DEVNETS.has(played),
    blockTimeMs,
    maxIdleMs,
    chunkDeadlineMs: CHUNK_DEADLINES_MS.get(played) ?? null,
    epochLength: hasShort ? shortEpoch : LONG_EPOCH,
    spares: hasShort ? (CHANGING_SETS.get(played) ?? 0) : 0,
    realSignatures,
    owner: OWNED.has(played) || (isOwned && !LONG_EPOCHS.has(played) && !NO_DEVNETS.has(played)),
  };
}
