/** Bytes that are not the one encoding of what they were given as. */
export class InvalidEncodingError extends Error {
  readonly code = 'INVALID_ENCODING';
  /** What was to be decoded, such as `block header`. */
  readonly subject: string;
  readonly reason: string;

  constructor(subject: string, reason: string) {
    super(`invalid ${subject}: ${reason}`);
    this.name = 'InvalidEncodingError';
    this.subject = subject;
    this.reason = reason;
  }
}

/** Bytes that are not a transaction of types 0 … 4, or fields that no transaction can have. */
export class InvalidTransactionEncodingError extends Error {
  readonly code = 'INVALID_TRANSACTION_ENCODING';
  readonly reason: string;

  constructor(reason: string) {
    super(`invalid transaction: ${reason}`);
    this.name = 'InvalidTransactionEncodingError';
    this.reason = reason;
  }
}

/** A signer bitmap that does not fit the validator set. */
export class InvalidBitmapError extends Error {
  readonly code = 'INVALID_BITMAP';
  readonly reason: string;

  constructor(reason: string) {
    super(`invalid signer bitmap: ${reason}`);
    this.name = 'InvalidBitmapError';
    this.reason = reason;
  }
}

/** A genesis file that cannot be used. */
export class InvalidGenesisError extends Error {
  readonly code = 'INVALID_GENESIS';
  /** Where it is wrong, such as `config.heddle.validators[2].publicKey`. */
  readonly key: string;
  readonly reason: string;

  constructor(key: string, reason: string) {
    super(`genesis file, ${key}: ${reason}`);
    this.name = 'InvalidGenesisError';
    this.key = key;
    this.reason = reason;
  }
}
