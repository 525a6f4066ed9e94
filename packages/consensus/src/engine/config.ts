import { type Hex, isHex } from '@heddle/primitives';
import { MAX_VALIDATORS, type ValidatorIndex } from '@heddle/types';
import { InvalidEngineConfigError } from '../errors.ts';

/** What is fixed for the epoch that an engine runs. */
export interface EngineConfig {
  /** This validator. */
  readonly validatorIndex: ValidatorIndex;
  /** n, 1 … 1,024. */
  readonly validatorCount: number;
  readonly epoch: bigint;
  /** A permutation of 0 … n−1; `seededPermutation` makes it. Leader of view v = leaders[v mod n]. */
  readonly leaders: readonly ValidatorIndex[];
  /** Δ: T of a view whose parent view is the one before. Milliseconds, > 0. */
  readonly deltaMs: number;
  /** Upper bound of T. Milliseconds, ≥ deltaMs. */
  readonly capMs: number;
  /** How long a leader without work waits before a heartbeat block, milliseconds; null = for ever, and no timer runs meanwhile. */
  readonly maxIdleMs: number | null;
  /** Hash of the block that view 1 builds on; final by definition. 32 bytes. */
  readonly genesisHash: Hex;
}

/** Throws InvalidEngineConfigError. */
export function checkConfig(config: EngineConfig): void {
  const { validatorCount, validatorIndex, leaders, deltaMs, capMs, maxIdleMs } = config;
  const require = (holds: boolean, field: string, expectation: string): void => {
    if (!holds) throw new InvalidEngineConfigError(field, expectation);
  };
  require(isCount(validatorCount, 1, MAX_VALIDATORS), 'validatorCount', `1 … ${MAX_VALIDATORS}`);
  require(isCount(validatorIndex, 0, validatorCount - 1), 'validatorIndex', `0 … ${validatorCount - 1}`);
  require(config.epoch >= 0n, 'epoch', 'at least 0');
  require(isPermutation(leaders, validatorCount), 'leaders', `a permutation of 0 … ${validatorCount - 1}`);
  require(Number.isFinite(deltaMs) && deltaMs > 0, 'deltaMs', 'greater than 0');
  require(Number.isFinite(capMs) && capMs >= deltaMs, 'capMs', 'at least deltaMs');
  require(maxIdleMs === null || (Number.isFinite(maxIdleMs) && maxIdleMs >= 0), 'maxIdleMs', 'null or at least 0');
  require(isHex(config.genesisHash) && config.genesisHash.length === 66, 'genesisHash', '32 bytes of hex');
}

function isCount(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isPermutation(leaders: readonly ValidatorIndex[], count: number): boolean {
  return leaders.length === count && new Set(leaders).size === count && leaders.every((i) => isCount(i, 0, count - 1));
}
