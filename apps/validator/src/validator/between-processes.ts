import type { StandaloneOptions } from '@heddle/node';
import { NoTransportError } from '../errors.ts';
import type { TransportRequest } from './run-validator.ts';

/** The way to other nodes: until processes can reach one another, only a validator that has no others gets one. */
export async function createTransport({
  genesis,
  key,
}: TransportRequest): ReturnType<StandaloneOptions['createTransport']> {
  const { length } = genesis.genesis.validators;
  if (length > 1) throw new NoTransportError(length);
  const { createLoneTransport } = await import('@heddle/node');
  return createLoneTransport(key);
}
