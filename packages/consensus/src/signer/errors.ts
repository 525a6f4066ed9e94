import { HeddleError } from '@heddle/primitives';

/** The store failed to make a record durable. Nothing is signed any more: stop the process, mend the disk, restart. */
export class SignerStoreError extends HeddleError {
  readonly code = 'SIGNER_STORE_FAILED';

  constructor(cause: unknown) {
    super(
      'the signer could not store a record; it signs nothing more until the process restarts on a working disk',
      {},
      {
        cause,
      },
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
