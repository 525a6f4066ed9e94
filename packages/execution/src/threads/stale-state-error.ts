import { HeddleError } from '@heddle/primitives';

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
