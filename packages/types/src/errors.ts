import { HeddleError } from '@heddle/primitives';

/** Bytes that are not the one encoding of what they were given as. */
export class InvalidEncodingError extends HeddleError<{
  /** What was to be decoded, such as `block header`. */
  readonly subject: string;
  readonly reason: string;
}> {
  readonly code = 'INVALID_ENCODING';

  constructor(subject: string, reason: string) {
    super(`invalid ${subject}: ${reason}`, { subject, reason });
  }
}

/** Bytes that are not a transaction of types 0 … 4, or fields that no transaction can have. */
export class InvalidTransactionEncodingError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'INVALID_TRANSACTION_ENCODING';

  constructor(reason: string) {
    super(`invalid transaction: ${reason}`, { reason });
  }
}

/** A signer bitmap that does not fit the validator set. */
export class InvalidBitmapError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'INVALID_BITMAP';

  constructor(reason: string) {
    super(`invalid signer bitmap: ${reason}`, { reason });
  }
}

/** A genesis file that cannot be used. */
export class InvalidGenesisError extends HeddleError<{
  /** Where it is wrong, such as `config.heddle.validators[2].publicKey`. */
  readonly key: string;
  readonly reason: string;
}> {
  readonly code = 'INVALID_GENESIS';

  constructor(key: string, reason: string) {
    super(`genesis file, ${key}: ${reason}`, { key, reason });
  }
}
