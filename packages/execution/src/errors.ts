import { HeddleError } from '@heddle/primitives';
import type { Address, Hash, ShardId } from '@heddle/types';

/** A transaction that breaks a validity rule: it must not be in a chunk. Nothing has changed. */
export class InvalidTransactionError extends HeddleError<{
  /** The rule in geth's words, e.g. 'nonce too low: address 0x…, tx: 1 state: 2'. */
  readonly reason: string;
  /** True when it can never be valid again; false when it may fit later (nonce too high, funds, base fee). */
  readonly permanent: boolean;
}> {
  readonly code = 'INVALID_TRANSACTION';

  constructor(reason: string, permanent: boolean) {
    super(reason, { reason, permanent });
  }
}

/**
 * Execution on one shard touches an account of another: a transaction that does is for the global section, a delivery
 * fails as a whole. Nothing of it may stay; whoever catches it takes it back.
 */
export class RemoteTouchError extends HeddleError<{
  readonly address: Address;
  /** Gas that was left in all frames, none of which goes on; null when no frame was open. */
  readonly gasLeft: number | null;
}> {
  readonly code = 'REMOTE_TOUCH';

  constructor(address: Address, gasLeft: number | null) {
    super(`it touches ${address}, which resides on another shard`, { address, gasLeft });
  }
}

/** An execution that was allowed only so much work needs more (`boundWork`): do it where there is time for it. */
export class WorkBoundError extends HeddleError {
  readonly code = 'WORK_BOUND';

  constructor() {
    super('it takes more work than it may here: execute it without a bound', {});
  }
}

/** Where a chunk breaks which rule. */
interface ChunkFault {
  readonly shard: ShardId;
  readonly height: bigint;
  /** The rule that is broken, in words. */
  readonly reason: string;
  /** Position in the chunk's body; null when no single transaction is to blame. */
  readonly position: number | null;
  readonly transactionHash: Hash | null;
}

/** A chunk of which execution showed that it breaks a rule: do not endorse it, do not notarize its block. */
export class InvalidChunkError extends HeddleError<ChunkFault> {
  readonly code = 'INVALID_CHUNK';

  constructor(fault: ChunkFault) {
    const { shard, height, reason, position, transactionHash } = fault;
    const where = position === null ? '' : `, transaction ${position} (${transactionHash ?? '?'})`;
    super(`chunk of shard ${shard} at height ${height}${where} is invalid: ${reason}`, fault);
  }
}

/** A section of which execution showed that it breaks a rule: do not notarize its block. */
export class InvalidSectionError extends HeddleError<{
  readonly height: bigint;
  /** The rule that is broken, in words. */
  readonly reason: string;
  /** Position in the section's body; null when no single transaction is to blame. */
  readonly position: number | null;
}> {
  readonly code = 'INVALID_SECTION';

  constructor(height: bigint, reason: string, position: number | null) {
    const where = position === null ? '' : `, transaction ${position}`;
    super(`the section at height ${height}${where} is invalid: ${reason}`, { height, reason, position });
  }
}

/** More than a snapshot is made for: the chunk is executed without one. */
export class SnapshotLimitError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'SNAPSHOT_LIMIT';

  constructor(reason: string) {
    super(`no snapshot of this chunk: ${reason}. Execute it sequentially`, { reason });
  }
}

/** A read of what the snapshot lacks: who has all state has to execute this. */
export class SnapshotMissError extends HeddleError<{
  /** What was asked for. */
  readonly key: string;
}> {
  readonly code = 'SNAPSHOT_MISS';

  constructor(key: string) {
    super(`the snapshot lacks ${key}`, { key });
  }
}

/** The state that a chunk was being executed on moved on while workers were awaited: its parent is below the final block. */
export class StaleStateError extends HeddleError {
  readonly code = 'STALE_STATE';

  constructor() {
    super(
      'the state under the chunk has moved on; its parent block is below the final one, so the chunk is of no use',
      {},
    );
  }
}

/** Why a job was not done. 'closed' and 'broken' are for good; the others may go well the next time. */
export type LanePoolFailure =
  /** The pool is closed. */
  | 'closed'
  /** Too many jobs wait. */
  | 'busy'
  /** A worker died. */
  | 'died'
  /** A worker ran into an error. */
  | 'failed'
  /** Too many workers died: no more are started. */
  | 'broken';

/** The pool did not do a job. The caller does it on its own thread: the results are the same. */
export class LanePoolError extends HeddleError<{
  readonly failure: LanePoolFailure;
  readonly reason: string;
}> {
  readonly code = 'LANE_POOL';

  constructor(failure: LanePoolFailure, reason: string) {
    super(`the worker pool did not do a job (${failure}): ${reason}. Do it on this thread`, { failure, reason });
  }
}
