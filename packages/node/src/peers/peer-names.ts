import type { PeerId } from '@heddle/network';
import type { ValidatorIndex } from '@heddle/types';

/** The identity of a validator on the transport. */
export function peerOf(validator: ValidatorIndex): PeerId {
  return `validator-${validator}`;
}

/** The validator behind an identity, or `null` when it is none of the `count` validators. */
export function validatorOf(peer: PeerId, count: number): ValidatorIndex | null {
  const match = /^validator-(0|[1-9]\d{0,3})$/.exec(peer);
  const index = Number(match?.[1] ?? Number.NaN);
  return index < count ? index : null;
}
