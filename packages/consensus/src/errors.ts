import { HeddleError } from '@heddle/primitives';

/** The engine was given a configuration that can't work. `field` names the part of `EngineConfig` to correct. */
export class InvalidEngineConfigError extends HeddleError<{
  readonly field: string;
}> {
  readonly code = 'INVALID_ENGINE_CONFIG';

  constructor(field: string, expectation: string) {
    super(`engine configuration: ${field} must be ${expectation}`, { field });
  }
}

/** Why a journal can't belong to this engine. */
export type JournalFault = 'otherEpoch' | 'otherChain' | 'otherValidator' | 'contradictoryVotes';

/**
 * The journal belongs to another epoch, chain or key, or contradicts itself. The engine refuses to start on it:
 * signing on top of a foreign record is how validators equivocate.
 */
export class InvalidJournalError extends HeddleError<{
  readonly fault: JournalFault;
  readonly view: bigint;
}> {
  readonly code = 'INVALID_JOURNAL';

  constructor(fault: JournalFault, view: bigint) {
    super(
      `consensus journal (${fault}, view ${view}): open the journal of this validator, chain and epoch, or move it away`,
      { fault, view },
    );
  }
}

/** The store failed to make a record durable. Nothing is signed any more: stop the process, mend the disk, restart. */
export class SignerStoreError extends HeddleError {
  readonly code = 'SIGNER_STORE_FAILED';

  constructor(cause: unknown) {
    super(
      'the signer could not store a record; it signs nothing more until the process restarts on a working disk',
      {},
      { cause },
    );
  }
}

/** The store holds two different signatures for one place: it was tampered with, merged, or the key ran twice. */
export class ContradictorySignerRecordsError extends HeddleError<{
  readonly slot: string;
  readonly position: bigint;
  readonly scope: string;
}> {
  readonly code = 'CONTRADICTORY_SIGNER_RECORDS';

  constructor(slot: string, position: bigint, scope: string) {
    super(
      `signer records contradict each other (${slot}, position ${position}, scope ${scope}); ` +
        'do not sign with this key: restore the record from a backup or replace the key',
      { slot, position, scope },
    );
  }
}

/** A file of signer records is not what an export writes. `path` leads to the place in the JSON, as in `data[0].pubkey`. */
export class InvalidInterchangeError extends HeddleError<{
  readonly path: string;
}> {
  readonly code = 'INVALID_INTERCHANGE';

  constructor(path: string, expectation: string) {
    super(`signer interchange file: ${path === '' ? 'the file' : path} must be ${expectation}; nothing was imported`, {
      path,
    });
  }
}
