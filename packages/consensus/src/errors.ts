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
