/**
 * What every error of this program is: a code that programs match on, facts that a log line or a caller can use, and a
 * message that tells a person what to do. `Facts` is never a secret: facts are logged.
 */
export abstract class HeddleError<Facts extends object = object> extends Error {
  /** Upper case words, such as `INVALID_RLP`; stays the same from version to version. */
  abstract readonly code: string;
  readonly facts: Readonly<Facts>;

  constructor(message: string, facts: Facts, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.facts = facts;
  }
}
