import type { Hash } from '@heddle/types';

/** No peer could supply something that this node needs. It is asked for again on the next occasion. */
export class UnavailableError extends Error {
  readonly code = 'UNAVAILABLE';
  readonly what: string;

  constructor(what: string) {
    super(`no peer supplied ${what}`);
    this.name = 'UnavailableError';
    this.what = what;
  }
}

/** A block or chunk from outside broke a rule of the protocol: true of it for everyone, whoever sent it. */
export class InvalidBlockError extends Error {
  readonly code = 'INVALID_BLOCK';
  readonly blockHash: Hash;
  readonly rule: string;

  constructor(blockHash: Hash, rule: string) {
    super(`block ${blockHash} is invalid: ${rule}`);
    this.name = 'InvalidBlockError';
    this.blockHash = blockHash;
    this.rule = rule;
  }
}

/**
 * What was asked about stands on a block that lies below the final one by now: its state is gone, and nobody needs it.
 * Says nothing about the block or chunk itself.
 */
export class SupersededError extends Error {
  readonly code = 'SUPERSEDED';
  readonly blockHash: Hash;

  constructor(blockHash: Hash) {
    super(`nothing is executed on or below block ${blockHash} any more: the final block is above it`);
    this.name = 'SupersededError';
    this.blockHash = blockHash;
  }
}

/** A block conflicts with what this node already holds as final: more than f validators are faulty, or this node's data is damaged. */
export class FinalityConflictError extends Error {
  readonly code = 'FINALITY_CONFLICT';
  readonly height: bigint;
  readonly ours: Hash;
  readonly theirs: Hash;

  constructor(height: bigint, ours: Hash, theirs: Hash) {
    super(
      `height ${height} is final here as ${ours} and elsewhere as ${theirs}; stop and compare the data of the validators`,
    );
    this.name = 'FinalityConflictError';
    this.height = height;
    this.ours = ours;
    this.theirs = theirs;
  }
}

/** The validator is being stopped: what was asked for is not done any more. */
export class StoppedError extends Error {
  readonly code = 'STOPPED';

  constructor() {
    super('the validator is being stopped');
    this.name = 'StoppedError';
  }
}

/** All validators of the devnet are stopped. */
export class NoRunningValidatorError extends Error {
  readonly code = 'NO_RUNNING_VALIDATOR';

  constructor() {
    super('every validator is stopped; start one with heddle_startValidator');
    this.name = 'NoRunningValidatorError';
  }
}

/** The genesis has no validator of this number. */
export class UnknownValidatorError extends Error {
  readonly code = 'UNKNOWN_VALIDATOR';
  readonly validator: number;

  constructor(validator: number, count: number) {
    super(`there is no validator ${validator}; the network has ${count}, counted from 0`);
    this.name = 'UnknownValidatorError';
    this.validator = validator;
  }
}

/** What the packages below call a failure of the disk. */
const STORAGE_CODES: ReadonlySet<unknown> = new Set(['STORAGE_FAILURE', 'SIGNER_STORE_FAILED']);

/** After such an error nothing may be signed or stored until the process has started anew on a disk that works. */
export function isStorageFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && STORAGE_CODES.has(error.code);
}
