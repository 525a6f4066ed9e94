import { HeddleError } from '@heddle/primitives';

/** An invariant does not hold: what a simulation is looking for. */
export class ViolationError extends HeddleError<{
  /** The checker's name. */
  readonly invariant: string;
}> {
  readonly code = 'VIOLATION';

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`, { invariant });
  }
}

/** A scenario asked for a validator, an account or an actor that is not there. */
export class UnknownNameError extends HeddleError {
  readonly code = 'UNKNOWN_NAME';

  constructor(kind: string, name: string | number) {
    super(`there is no ${kind} ${name}`, { kind, name });
  }
}

/** A simulated disk refused, as the scenario wanted. */
export class InjectedDiskError extends HeddleError {
  readonly code: 'EIO' | 'ENOSPC';

  constructor(code: 'EIO' | 'ENOSPC') {
    super(code === 'EIO' ? 'input/output error (injected)' : 'no space left on device (injected)', {});
    this.code = code;
  }
}

/** A campaign file that cannot be read as one. */
export class InvalidCampaignError extends HeddleError {
  readonly code = 'INVALID_CAMPAIGN';

  constructor(path: string, reason: string) {
    super(`${path} is not a campaign file: ${reason}`, { path, reason });
  }
}

/** A process that plays seeds or crash cases ended without a report. */
export class WorkerLostError extends HeddleError {
  readonly code = 'WORKER_LOST';

  /** `played` as in `seed 17`. */
  constructor(played: string, reason: string) {
    super(`the process that played ${played} ended without a report: ${reason}`, { played, reason });
  }
}

/** A mutant that cannot be seeded: its list is malformed, or its text is not once in the source any more. */
export class MutantError extends HeddleError {
  readonly code = 'MUTANT';

  constructor(name: string, reason: string) {
    super(`mutant ${name}: ${reason}`, { mutant: name, reason });
  }
}

/** A run of the mutation gate ended in an error that is no invariant's. */
export class UnjudgedRunError extends HeddleError {
  readonly code = 'UNJUDGED_RUN';

  constructor(detail: string) {
    super(detail, {});
  }
}

/** There is no such crash point or fault in the run. */
export class InvalidCaseError extends HeddleError {
  readonly code = 'INVALID_CASE';

  constructor(name: string, reason: string) {
    super(`crash case ${name}: ${reason}`, { name, reason });
  }
}
