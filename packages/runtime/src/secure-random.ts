import { randomBytes } from 'node:crypto';
import type { Random } from './clock.ts';
import { InvalidByteLengthError } from './errors.ts';
import { MAX_RANDOM_BYTES } from './limits.ts';

/** The operating system's randomness. */
export const secureRandom: Random = {
  next: (): number => {
    const bytes = randomBytes(8);
    // The top 53 bits: every double of the form k / 2^53 is equally likely.
    return ((bytes.readUInt32BE(0) >>> 5) * 2 ** 26 + (bytes.readUInt32BE(4) >>> 6)) / 2 ** 53;
  },
  bytes: (length): Uint8Array => {
    if (!Number.isInteger(length) || length < 0 || length > MAX_RANDOM_BYTES) {
      throw new InvalidByteLengthError(length, MAX_RANDOM_BYTES);
    }
    return new Uint8Array(randomBytes(length));
  },
};
