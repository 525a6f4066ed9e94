import { createMemoryHub, peerOf, type Transport } from '@heddle/network';
import { systemScheduler } from '@heddle/runtime';
import type { ValidatorKey } from './standalone-options.ts';

/** The transport of the only validator of a network, who has nobody to reach. */
export function createLoneTransport({ publicKey }: ValidatorKey): Transport {
  return createMemoryHub({ scheduler: systemScheduler }).transport(peerOf(publicKey));
}
