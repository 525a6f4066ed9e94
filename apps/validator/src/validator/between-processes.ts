import type { StandaloneOptions } from '@heddle/node';
import type { TransportRequest } from './run-validator.ts';

/** The way to other nodes. A validator that is the only one of its network, and is told of no other node, needs none. */
export async function createTransport(request: TransportRequest): ReturnType<StandaloneOptions['createTransport']> {
  const { genesis, key, bootnodes } = request;
  if (genesis.genesis.validators.length === 1 && bootnodes.flat().length === 0) {
    const { createLoneTransport } = await import('@heddle/node');
    return createLoneTransport(key);
  }
  // Late: who has nobody to reach loads nothing of it.
  const { overLibp2p } = await import('./over-libp2p.ts');
  return overLibp2p(request);
}
