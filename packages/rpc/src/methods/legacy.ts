import { RefusedError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** What is left of the time of proof of work. Old clients ask it to find out what kind of node this is. */
export function legacyMethods(chain: ChainReader): MethodTable {
  return {
    eth_protocolVersion: method(0, () => quantity(1)),
    // The account that the newest block credits: of a network with several shards, the section's.
    eth_coinbase: method(0, () => chain.head().block.header.coinbase),
    eth_mining: method(0, () => false),
    eth_hashrate: method(0, () => quantity(0)),
    eth_getWork: method(0, () => {
      throw new RefusedError('there is no work to give out: blocks are made by validators, not by proof of work');
    }),
    eth_submitWork: method(3, () => false),
    eth_submitHashrate: method(2, () => false),
  };
}
