import { keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';

/** EIP-55: the case of each letter carries a checksum. */
export function checksumAddress(address: Address): string {
  const digits = address.slice(2);
  const hash = keccak256Hex(utf8ToBytes(digits)).slice(2);
  const cased = [...digits].map((digit, index) =>
    Number.parseInt(hash.charAt(index), 16) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${cased.join('')}`;
}
