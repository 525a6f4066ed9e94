import { createMemoryHub, type Transport } from '@heddle/network';
import { secureRandom, systemScheduler } from '@heddle/runtime';
import { peerOf } from '../peers/peer-names.ts';
import type { ValidatorKey } from './standalone-options.ts';

/** The transport of the only validator of a network, who has nobody to reach. Null: under a name of nobody's. */
export function createLoneTransport(key: ValidatorKey | null): Transport {
  const name = peerOf(key?.publicKey ?? secureRandom.bytes(48));
  return createMemoryHub({ scheduler: systemScheduler }).transport(name);
}
