/** An invariant does not hold: what a simulation is looking for. */
export class ViolationError extends Error {
  readonly code = 'VIOLATION';
  /** The checker's name. */
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.name = 'ViolationError';
    this.invariant = invariant;
  }
}

/** A draw from an empty list. */
export class NothingToPickError extends Error {
  readonly code = 'NOTHING_TO_PICK';

  constructor() {
    super('there is nothing to pick from');
    this.name = 'NothingToPickError';
  }
}

/** A scenario asked for a validator, an account or an actor that is not there. */
export class UnknownNameError extends Error {
  readonly code = 'UNKNOWN_NAME';

  constructor(kind: string, name: string | number) {
    super(`there is no ${kind} ${name}`);
    this.name = 'UnknownNameError';
  }
}

/** A simulated disk refused, as the scenario wanted. */
export class InjectedDiskError extends Error {
  readonly code: 'EIO' | 'ENOSPC';

  constructor(code: 'EIO' | 'ENOSPC') {
    super(code === 'EIO' ? 'input/output error (injected)' : 'no space left on device (injected)');
    this.name = 'InjectedDiskError';
    this.code = code;
  }
}

/** A campaign file that cannot be read as one. */
export class InvalidCampaignError extends Error {
  readonly code = 'INVALID_CAMPAIGN';

  constructor(path: string, reason: string) {
    super(`${path} is not a campaign file: ${reason}`);
    this.name = 'InvalidCampaignError';
  }
}

/** A process that plays seeds ended without a report. */
export class WorkerLostError extends Error {
  readonly code = 'WORKER_LOST';

  constructor(seed: number, reason: string) {
    super(`the process that played seed ${seed} ended without a report: ${reason}`);
    this.name = 'WorkerLostError';
  }
}

/** A mutant that cannot be seeded: its list is malformed, or its text is not once in the source any more. */
export class MutantError extends Error {
  readonly code = 'MUTANT';

  constructor(name: string, reason: string) {
    super(`mutant ${name}: ${reason}`);
    this.name = 'MutantError';
  }
}

/** A run of the mutation gate ended in an error that is no invariant's. */
export class UnjudgedRunError extends Error {
  readonly code = 'UNJUDGED_RUN';

  constructor(detail: string) {
    super(detail);
    this.name = 'UnjudgedRunError';
  }
}
