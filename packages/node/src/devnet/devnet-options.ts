import { join } from 'node:path';
import type { AccessRules, MiningMode } from '@heddle/rpc';
import type { Address, Genesis, ShardId, ValidatorIndex } from '@heddle/types';
import type { Logger } from '../logger.ts';
import type { ProcessOptions } from '../process-parts.ts';
import type { DevnetActivity } from './activity.ts';
import type { ByzantineActors } from './corruption.ts';

/** An unlocked account of the devnet. */
export interface DevnetAccount {
  readonly address: Address;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** How a devnet begins, before anybody can ask it for anything. */
export interface DevnetBeginning {
  /** What `dumpState` gave on a devnet of the same genesis, to go on from; null for none. */
  readonly image: Uint8Array | null;
  readonly mining: MiningMode;
  /** Send for any account without its key. */
  readonly autoImpersonate: boolean;
}

/** What `startDevnet` runs. All of it has been checked by the command line. */
export interface DevnetOptions extends ProcessOptions {
  readonly genesis: Genesis;
  /** BLS secret keys in the order of `genesis.validators`, 32 bytes each. */
  readonly validatorSecretKeys: readonly Uint8Array[];
  /** Signed for by eth_sendTransaction and friends. */
  readonly accounts: readonly DevnetAccount[];
  /** Address to listen on, for example 127.0.0.1. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Who may talk to it beside this machine's own programs and pages. */
  readonly access: AccessRules;
  /** Folder that exists and is locked for this process; null keeps everything in memory. */
  readonly dataDir: string | null;
  /** The chain in `dataDir` has blocks: what is missing there has been lost and is not new. */
  readonly hasBlocks: boolean;
  /** What each validator's caches of state may take, bytes; null is the store's STATE_CACHE_BYTES. */
  readonly cacheBytes: number | null;
  /** Keep the state of all final blocks from here on; else that of the store's HISTORY_BLOCKS. */
  readonly archive: boolean;
  /** COINBASE by validator, then shard; each at home on that shard. */
  readonly feeRecipients: readonly (readonly Address[])[];
  readonly beginning: DevnetBeginning;
  /** Called when its owner corrupts a validator, which only a genesis of a devnet lets anybody do. */
  readonly loadActors: () => Promise<ByzantineActors>;
  readonly log: Logger;
  /** Told of the first final block, once, unless `hasBlocks`. */
  firstBlock(): void;
  /**
   * Storage failed: what a journal or signer record holds is unknown, so no validator may go on, nor be started again on
   * it, before the disk has been looked at. The process has to end.
   */
  fatal(error: unknown): void;
}

/** Where one validator of a devnet keeps everything, in the folder of all of them. */
export function validatorDirectory(dataDir: string, index: ValidatorIndex): string {
  return join(dataDir, `validator-${index}`);
}

/**
 * A devnet that answers RPC. `startDevnet(options: DevnetOptions): Promise<RunningDevnet>` rejects with Node's own
 * error (`code` EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND) when it cannot listen, and has stopped everything then.
 */
export interface RunningDevnet {
  /** For example http://127.0.0.1:8545, with the port that was really taken. */
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** Number of the latest final block: 0 on a fresh chain. */
  readonly headNumber: bigint;
  /** What happens from now on. */
  readonly activity: DevnetActivity;
  /** Shard where the account's state is. */
  residence(address: Address): ShardId;
  /** All that is final, for `DevnetBeginning`. Rejects when too few validators run. */
  dumpState(): Promise<Uint8Array>;
  /** Ordered stop: server, validators, stores. Idempotent; resolves when everything is closed. */
  stop(): Promise<void>;
}

/** How apps/validator starts the devnet; tests inject their own. */
export type StartDevnet = (options: DevnetOptions) => Promise<RunningDevnet>;
