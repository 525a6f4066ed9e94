import { headNumber } from '../chain/resolve.ts';
import { formatHalt } from '../format/halt.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonValue } from '../json.ts';
import type { ChainReader, ChainStatus } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** Which chain this is and how far it got. */
export function chainMethods(chain: ChainReader, status: () => ChainStatus): MethodTable {
  return {
    eth_chainId: method(0, () => quantity(chain.chainId)),
    eth_blockNumber: method(0, () => quantity(headNumber(chain))),
    eth_syncing: method(0, () => syncing(status())),
  };
}

/**
 * False while blocks come as they should. A node that fetches what others have made final long ago has geth's object; a
 * halted chain has it too, since clients take it for "not ready yet, wait", with the reason.
 */
function syncing(status: ChainStatus): JsonValue {
  if (status.kind === 'running') return false;
  const head = quantity(status.head);
  if (status.kind === 'syncing') {
    return { startingBlock: quantity(status.from), currentBlock: head, highestBlock: quantity(status.to) };
  }
  return { startingBlock: head, currentBlock: head, highestBlock: head, heddle: formatHalt(status) };
}
