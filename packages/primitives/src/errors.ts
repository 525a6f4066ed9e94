import { HeddleError } from './heddle-error.ts';

/** Text that is not `0x` followed by an even number of hexadecimal digits. */
export class InvalidHexError extends HeddleError<{
  /** The first characters of the text, enough to find it. */
  readonly excerpt: string;
  readonly reason: string;
}> {
  readonly code = 'INVALID_HEX';

  constructor(text: string, reason: string) {
    const excerpt = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    super(`"${excerpt}" is not hex data: ${reason}. Write 0x and two digits a byte`, { excerpt, reason });
  }
}

/** Bytes that are not the one RLP encoding of an item. */
export class InvalidRlpError extends HeddleError<{
  /** Byte offset of the item that is wrong. */
  readonly offset: number;
  readonly reason: string;
}> {
  readonly code = 'INVALID_RLP';

  constructor(offset: number, reason: string) {
    super(`invalid RLP at byte ${offset}: ${reason}`, { offset, reason });
  }
}

/** A private or secret key of the wrong length, zero, or not below the group's order. Never carries the key. */
export class InvalidPrivateKeyError extends HeddleError<{
  readonly curve: 'secp256k1' | 'bls12-381';
}> {
  readonly code = 'INVALID_PRIVATE_KEY';

  constructor(curve: 'secp256k1' | 'bls12-381') {
    super(`not a ${curve} private key: it takes 32 bytes with a value from 1 to the group's order - 1`, { curve });
  }
}

/** A seed that is too short to derive a key from. */
export class InvalidSeedError extends HeddleError<{
  /** Bytes given. */
  readonly length: number;
}> {
  readonly code = 'INVALID_SEED';

  constructor(length: number) {
    super(`a BLS key is derived from a seed of at least 32 bytes, got ${length}`, { length });
  }
}

/** A signature that cannot take part in an aggregate. */
export class InvalidBlsSignatureError extends HeddleError<{
  /** Position in the list given to `blsAggregate`. */
  readonly index: number;
}> {
  readonly code = 'INVALID_BLS_SIGNATURE';

  constructor(index: number) {
    super(`signature ${index} is not a point of G2 (192 bytes): leave it out and block its sender`, { index });
  }
}
