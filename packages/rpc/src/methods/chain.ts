import { headNumber } from '../chain/resolve.ts';
import { quantity } from '../format/quantity.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** Which chain this is and how far it got. */
export function chainMethods(chain: ChainReader): MethodTable {
  return {
    eth_chainId: method(0, () => quantity(chain.chainId)),
    eth_blockNumber: method(0, () => quantity(headNumber(chain))),
    // Blocks are shown once they are final here; there is no state of catching up that a client could see.
    eth_syncing: method(0, () => false),
  };
}
