import { bytesToHex } from '@heddle/primitives';
import { stateNumber } from '../chain/resolve.ts';
import { quantity, word } from '../format/quantity.ts';
import { LATEST, parseBlockId } from '../parse/block-id.ts';
import { parseAddress, parseWord } from '../parse/hex.ts';
import type { AccountView, ChainReader, PoolAccess } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';

/** State of one account, after any final block. */
export function accountMethods(chain: ChainReader, pool: PoolAccess): MethodTable {
  return {
    eth_getBalance: method(2, async (params) => quantity((await readAccount(chain, params)).balance)),
    eth_getCode: method(2, async (params) => bytesToHex((await readAccount(chain, params)).code)),
    eth_getTransactionCount: method(2, async (params) => {
      const address = params.required(0, parseAddress);
      const id = params.optional(1, parseBlockId, LATEST);
      if (id.kind === 'pending') return quantity(await pool.pendingNonce(address));
      return quantity((await chain.account(address, await stateNumber(chain, id))).nonce);
    }),
    eth_getStorageAt: method(3, async (params) => {
      const address = params.required(0, parseAddress);
      const slot = params.required(1, parseWord);
      const id = params.optional(2, parseBlockId, LATEST);
      return word(await chain.storage(address, slot, await stateNumber(chain, id)));
    }),
  };
}

async function readAccount(chain: ChainReader, params: Params): Promise<AccountView> {
  const address = params.required(0, parseAddress);
  const id = params.optional(1, parseBlockId, LATEST);
  return chain.account(address, await stateNumber(chain, id));
}
