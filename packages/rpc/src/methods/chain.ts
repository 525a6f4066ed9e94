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
 * False while blocks come as they should: they are shown once they are final here, so there is no catching up that a
 * client could see. A halted chain has the object that clients take for "not ready yet, wait", with the reason.
 */
function syncing(status: ChainStatus): JsonValue {
  if (status.kind === 'running') return false;
  const head = quantity(status.head);
  return { startingBlock: head, currentBlock: head, highestBlock: head, heddle: formatHalt(status) };
}
