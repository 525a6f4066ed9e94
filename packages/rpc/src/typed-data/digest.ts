import { concatBytes, keccak256 } from '@heddle/primitives';
import { parseAt } from '../parse/bad-value.ts';
import { hashStruct } from './encode-value.ts';
import type { TypedData } from './schema.ts';
import { DOMAIN_TYPE } from './schema.ts';

const PREFIX: Uint8Array = Uint8Array.of(0x19, 0x01);

/** What is signed: keccak256(0x1901 ‖ domainSeparator ‖ hashStruct(message)), EIP-712. Throws BadValueError. */
export function typedDataDigest(data: TypedData): Uint8Array {
  const domain = parseAt('domain', data.domain, (value) => hashStruct(data.types, DOMAIN_TYPE, value));
  // When the domain itself is the message it is not hashed twice.
  if (data.primaryType === DOMAIN_TYPE) return keccak256(concatBytes(PREFIX, domain));
  const message = parseAt('message', data.message, (value) => hashStruct(data.types, data.primaryType, value));
  return keccak256(concatBytes(PREFIX, domain, message));
}
