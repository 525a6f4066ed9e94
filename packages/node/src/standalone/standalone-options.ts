import type { Transport } from '@heddle/network';
import type { AccessRules } from '@heddle/rpc';
import type { Address } from '@heddle/types';
import type { BuiltGenesis } from '../genesis/genesis-block.ts';
import type { Logger } from '../logger.ts';
import type { ProcessOptions } from '../process-parts.ts';
import type { NodeStatus } from './node-status.ts';
import type { StandaloneObserver } from './standalone-observer.ts';

/** What a validator signs with. */
export interface ValidatorKey {
  /** 48 bytes. */
  readonly publicKey: Uint8Array;
  /** Of a 32-byte digest; 192 bytes. Deterministic. Only the signer, and the proof of who a node is, call it. */
  sign(digest: Uint8Array): Uint8Array;
}

/** That a node signs, and with what. */
export interface Signing {
  readonly key: ValidatorKey;
  /** Look first whether the key is used elsewhere. */
  readonly watchesKey: boolean;
  /** It takes part from now on. */
  validating(): void;
  /** The key is used elsewhere, as `proof` shows: it signs nothing more. The process has to end. */
  keyActive(proof: string): void;
}

/** What one node in a process of its own runs with. All of it has been checked by the command line. */
export interface StandaloneOptions extends ProcessOptions {
  readonly genesis: BuiltGenesis;
  /** Null: it only follows. */
  readonly signing: Signing | null;
  /** Its folder, locked for this process. Created if it is not there. */
  readonly directory: string;
  /**
   * The way to the others, to whom the node shows itself by the key. `isValidator` tells whose key is one of a validator's,
   * by the chain as it is when it is asked. Each is stopped before the next is asked for.
   */
  createTransport(key: ValidatorKey, isValidator: (publicKey: Uint8Array) => boolean): Promise<Transport>;
  readonly cacheBytes: number;
  /** Keep the state of all final blocks from here on; else that of the store's HISTORY_BLOCKS. */
  readonly archive: boolean;
  /** COINBASE on every shard. */
  readonly feeRecipient: Address;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly access: AccessRules;
  readonly log: Logger;
  /** Null when nobody wants to know. */
  readonly observer: StandaloneObserver | null;
  /** Its clock was wrong when it started, as `problem` says. The process has to end: it could take no part. */
  clockWrong(problem: string): void;
  /** It can't go on. The process has to end. */
  fatal(error: unknown): void;
}

/** A node that answers RPC. */
export interface RunningStandalone {
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** Of the latest final block at the start. */
  readonly headNumber: bigint;
  /** As of now; null for the moment in which it begins to take part, or stops. */
  status(): NodeStatus | null;
  /** Ordered stop: server, validator, stores. Idempotent. */
  stop(): Promise<void>;
}
