import type { SignatureScheme } from '@heddle/consensus';
import type { ChunkExecutor } from '@heddle/execution';
import type { Transport } from '@heddle/network';
import type { Clock, Scheduler } from '@heddle/runtime';
import type { ValidatorStorage } from '@heddle/storage';
import type { Address } from '@heddle/types';
import type { ControlRunner } from '../chain/control-runner.ts';
import type { BuiltGenesis } from '../genesis/genesis-block.ts';
import type { Logger } from '../logger.ts';
import type { ValidatorEvents } from './events.ts';

/** Whose validator it is, and the world that it runs in. */
export interface Surroundings {
  /** BLS public key, 48 bytes. It takes part in the epochs whose set has it and follows the others. */
  readonly publicKey: Uint8Array;
  /** Signs a 32-byte digest with the validator's key; 192 bytes. Deterministic. Only the signer calls it. */
  readonly signDigest: (digest: Uint8Array) => Uint8Array;
  readonly genesis: BuiltGenesis;
  /** Checks the others' signatures; the validators of one process may share one that remembers. */
  readonly signatureScheme: SignatureScheme;
  /** Executes chunks; the validators of one process may share one that has threads. */
  readonly executor: ChunkExecutor;
  /** Does the work of control blocks; the validators of one process may share one that remembers. */
  readonly controlRunner: ControlRunner;
  readonly storage: ValidatorStorage;
  /** Its identity is that of the public key (`peerOf`). */
  readonly transport: Transport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** COINBASE of the chunks that this validator builds, by shard. */
  readonly feeRecipients: readonly Address[];
  /** Payload of an answer with blocks and chunks, bytes at most: `MAX_RANGE_BYTES` of the network, or less. */
  readonly maxRangeBytes: number;
  /** The validator's; a part's own is a child of it, with the part's name. */
  readonly log: Logger;
  readonly events: ValidatorEvents;
}
