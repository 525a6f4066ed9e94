import { SignerStoreError } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { HeddleError } from '@heddle/primitives';
import { RpcError } from '@heddle/rpc';
import { StorageFailureError } from '@heddle/storage';
import type { Hash } from '@heddle/types';

/** No peer could supply something that this node needs. It is asked for again on the next occasion. */
export class UnavailableError extends HeddleError<{
  readonly what: string;
}> {
  readonly code: string = 'UNAVAILABLE';

  constructor(what: string, message: string = `no peer supplied ${what}`) {
    super(message, { what });
  }
}

/**
 * A block is not executed here because too much below it is missing, or too many such blocks are being fetched. Catch-up
 * closes the gap when a finalization is known: ask the peers for theirs, and for the block again later.
 */
export class BehindError extends UnavailableError {
  override readonly code = 'BEHIND';

  constructor(blockHash: Hash, reason: string) {
    super(`block ${blockHash}`, `block ${blockHash} is out of reach: ${reason}; it has to be caught up with`);
    this.name = 'BehindError';
  }
}

/** A block or chunk from outside broke a rule of the protocol: true of it for everyone, whoever sent it. */
export class InvalidBlockError extends HeddleError<{
  readonly blockHash: Hash;
  readonly rule: string;
}> {
  readonly code = 'INVALID_BLOCK';

  constructor(blockHash: Hash, rule: string) {
    super(`block ${blockHash} is invalid: ${rule}`, { blockHash, rule });
  }
}

/** A control part breaks a rule: where it stands in a block, that block is invalid. */
export class InvalidControlError extends HeddleError<{
  readonly rule: string;
}> {
  readonly code = 'INVALID_CONTROL';

  constructor(rule: string) {
    super(`the control operation is invalid: ${rule}`, { rule });
  }
}

/**
 * What was asked about stands on a block that lies below the final one by now: its state is gone, and nobody needs it.
 * Says nothing about the block or chunk itself.
 */
export class SupersededError extends HeddleError<{
  readonly blockHash: Hash;
}> {
  readonly code = 'SUPERSEDED';

  constructor(blockHash: Hash) {
    super(`nothing is executed on or below block ${blockHash} any more: the final block is above it`, { blockHash });
  }
}

/** Whether a block could not be executed now: it is not to be had, breaks a rule, or came too late. */
export function isExecutionSetback(error: unknown): error is UnavailableError | InvalidBlockError | SupersededError {
  return error instanceof UnavailableError || error instanceof InvalidBlockError || error instanceof SupersededError;
}

/** A block conflicts with what this node already holds as final: more than f validators are faulty, or this node's data is damaged. */
export class FinalityConflictError extends HeddleError<{
  readonly height: bigint;
  readonly ours: Hash;
  readonly theirs: Hash;
}> {
  readonly code = 'FINALITY_CONFLICT';

  constructor(height: bigint, ours: Hash, theirs: Hash) {
    super(
      `height ${height} is final here as ${ours} and elsewhere as ${theirs}; stop and compare the data of the validators`,
      { height, ours, theirs },
    );
  }
}

/** A request of a peer that is blocked until the next epoch; it hears of a refusal only. */
export class PeerBlockedError extends HeddleError<{
  readonly peer: PeerId;
}> {
  readonly code = 'PEER_BLOCKED';

  constructor(peer: PeerId) {
    super(`${peer} is blocked until the next epoch: it sent what it can't have believed`, { peer });
  }
}

/** The validator is being stopped: what was asked for is not done any more. */
export class StoppedError extends HeddleError {
  readonly code = 'STOPPED';

  constructor() {
    super('the validator is being stopped', {});
  }
}

/** All validators of the devnet are stopped: nobody has the chain open. The user did it, so RPC shows it as it is. */
export class NoRunningValidatorError extends RpcError {
  readonly code = 'NO_RUNNING_VALIDATOR';
  readonly rpcCode = -32000;

  constructor() {
    super('no validator of this devnet is running: start one with heddle_startValidator');
  }
}

/** A time below the newest block's, in anvil's words. */
export class TimestampTooLowError extends RpcError {
  readonly code = 'TIMESTAMP_TOO_LOW';
  readonly rpcCode = -32602;

  constructor(timestamp: bigint) {
    super(`Timestamp error: ${timestamp} is lower than previous block's timestamp`, { timestamp });
  }
}

export class TimestampTooLateError extends RpcError {
  readonly code = 'TIMESTAMP_TOO_LATE';
  readonly rpcCode = -32602;

  constructor(timestamp: bigint, latest: bigint) {
    super(`Timestamp error: ${timestamp} is too late, want seconds up to ${latest}`, { timestamp, latest });
  }
}

/** What a devnet's owner wants done breaks a rule: it was not sent to anybody. */
export class ControlRefusedError extends RpcError {
  readonly code = 'CONTROL_REFUSED';
  readonly rpcCode = -32602;

  constructor(rule: string) {
    super(`not possible: ${rule}`, { rule });
  }
}

/** What a devnet's owner wants done did not become final: `reason` says what is wrong with the chain. */
export class ControlFailedError extends RpcError {
  readonly code = 'CONTROL_FAILED';
  readonly rpcCode = -32000;

  constructor(reason: string) {
    super(`not done: ${reason}`, { reason });
  }
}

/** The newest final block has no finalization of its own here, so nobody could be told that it is final. */
export class UncertifiedHeadError extends RpcError {
  readonly code = 'UNCERTIFIED_HEAD';
  readonly rpcCode = -32000;

  constructor() {
    super('the newest block is not settled yet: ask again, when the next block is there at the latest');
  }
}

/** The genesis has no validator of this number. */
export class UnknownValidatorError extends HeddleError<{
  readonly validator: number;
}> {
  readonly code = 'UNKNOWN_VALIDATOR';

  constructor(validator: number, count: number) {
    super(`there is no validator ${validator}; the network has ${count}, counted from 0`, { validator });
  }
}

/** After such an error nothing may be signed or stored until the process has started anew on a disk that works. */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof StorageFailureError || error instanceof SignerStoreError;
}
