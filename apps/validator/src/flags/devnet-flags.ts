import { MAX_LANES } from '../limits.ts';

/** What a chain is made from: fixed when its genesis is written. */
export interface ChainFlags {
  readonly validators: number;
  readonly shards: number;
  readonly chainId: number;
  readonly blockTimeMs: number;
  readonly accounts: number;
  /** Each account's, wei. */
  readonly balanceWei: bigint;
  readonly mnemonic: string;
}

/** What may be different at each start. */
export interface RunFlags {
  readonly host: string;
  readonly port: number;
  /** Worker threads for executing chunks; 0 executes in line. */
  readonly lanes: number;
  /** Estimated work of a chunk from which the threads execute it, µs; null is what the node thinks best. */
  readonly laneThresholdMicroseconds: number | null;
  /** What each validator's caches of state may take, in bytes; null is what the store thinks best. */
  readonly cacheBytes: number | null;
  /** `info` or `info,rpc=debug`; checked when the logger is made. */
  readonly logLevel: string;
  readonly quiet: boolean;
  readonly json: boolean;
  /** Absolute path; null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly reset: boolean;
}

/** A devnet's command line. `given` holds only what the user wrote: a default contradicts nothing. */
export interface DevnetFlags {
  readonly given: Partial<ChainFlags>;
  readonly run: RunFlags;
}

export const DEFAULT_CHAIN_FLAGS: ChainFlags = {
  validators: 4,
  shards: 2,
  chainId: 31337,
  blockTimeMs: 0,
  accounts: 10,
  balanceWei: 10_000n * 10n ** 18n,
  mnemonic: 'test test test test test test test test test test test junk',
};

/** One core is left to the thread that everything else runs on; with a single core threads only get in its way. */
export function defaultLanes(cores: number): number {
  return Math.min(cores - 1, MAX_LANES);
}

/** The flag of each of them, for messages. */
export const CHAIN_FLAG_NAMES: Readonly<Record<keyof ChainFlags, string>> = {
  validators: '--validators',
  shards: '--shards',
  chainId: '--chain-id',
  blockTimeMs: '--block-time',
  accounts: '--accounts',
  balanceWei: '--balance',
  mnemonic: '--mnemonic',
};
