/** Text that is not `0x` followed by an even number of hexadecimal digits. */
export class InvalidHexError extends Error {
  readonly code = 'INVALID_HEX';
  /** The first characters of the text, enough to find it. */
  readonly excerpt: string;
  readonly reason: string;

  constructor(text: string, reason: string) {
    const excerpt = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    super(`"${excerpt}" is not hex data: ${reason}. Write 0x and two digits a byte`);
    this.name = 'InvalidHexError';
    this.excerpt = excerpt;
    this.reason = reason;
  }
}

/** Bytes that are not the one RLP encoding of an item. */
export class InvalidRlpError extends Error {
  readonly code = 'INVALID_RLP';
  /** Byte offset of the item that is wrong. */
  readonly offset: number;
  readonly reason: string;

  constructor(offset: number, reason: string) {
    super(`invalid RLP at byte ${offset}: ${reason}`);
    this.name = 'InvalidRlpError';
    this.offset = offset;
    this.reason = reason;
  }
}

/** A private or secret key of the wrong length, zero, or not below the group's order. Never carries the key. */
export class InvalidPrivateKeyError extends Error {
  readonly code = 'INVALID_PRIVATE_KEY';
  readonly curve: 'secp256k1' | 'bls12-381';

  constructor(curve: 'secp256k1' | 'bls12-381') {
    super(`not a ${curve} private key: it takes 32 bytes with a value from 1 to the group's order - 1`);
    this.name = 'InvalidPrivateKeyError';
    this.curve = curve;
  }
}

/** A seed that is too short to derive a key from. */
export class InvalidSeedError extends Error {
  readonly code = 'INVALID_SEED';
  /** Bytes given. */
  readonly length: number;

  constructor(length: number) {
    super(`a BLS key is derived from a seed of at least 32 bytes, got ${length}`);
    this.name = 'InvalidSeedError';
    this.length = length;
  }
}

/** A signature that cannot take part in an aggregate. */
export class InvalidBlsSignatureError extends Error {
  readonly code = 'INVALID_BLS_SIGNATURE';
  /** Position in the list given to `blsAggregate`. */
  readonly index: number;

  constructor(index: number) {
    super(`signature ${index} is not a point of G2 (192 bytes): leave it out and block its sender`);
    this.name = 'InvalidBlsSignatureError';
    this.index = index;
  }
}
