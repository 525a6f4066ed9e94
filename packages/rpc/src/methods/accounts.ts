import { bytesToHex } from '@heddle/primitives';
import { stateNumber } from '../chain/resolve.ts';
import { after, type Eventual } from '../eventual.ts';
import { quantity, word } from '../format/quantity.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { LATEST, parseBlockId } from '../parse/block-id.ts';
import { parseAddress, parseWord } from '../parse/hex.ts';
import { parseStorageRequests, type StorageRequest } from '../parse/storage-requests.ts';
import type { AccountView, ChainReader, PoolAccess } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';
import { createSlicer } from '../slices.ts';

/** State of one account, after any final block. */
export function accountMethods(chain: ChainReader, pool: PoolAccess): MethodTable {
  return {
    eth_getBalance: method(2, (params) => readAccount(chain, params, ({ balance }) => quantity(balance))),
    eth_getCode: method(2, (params) => readAccount(chain, params, ({ code }) => bytesToHex(code))),
    eth_getTransactionCount: method(2, (params) => {
      const address = params.required(0, parseAddress);
      const id = params.optional(1, parseBlockId, LATEST);
      if (id.kind === 'pending') return after(pool.pendingNonce(address), quantity);
      return after(stateNumber(chain, id), (number) => quantity(chain.account(address, number).nonce));
    }),
    // As reth and anvil answer them.
    eth_getAccount: method(2, (params) =>
      readAccount(chain, params, ({ nonce, balance, storageRoot, codeHash }) => {
        return { nonce: quantity(nonce), balance: quantity(balance), storageRoot, codeHash };
      }),
    ),
    eth_getAccountInfo: method(2, (params) =>
      readAccount(chain, params, ({ nonce, balance, code }) => {
        return { nonce: quantity(nonce), balance: quantity(balance), code: bytesToHex(code) };
      }),
    ),
    eth_getStorageValues: method(2, async (params) => {
      const requests = params.required(0, parseStorageRequests);
      return readSlots(chain, requests, await stateNumber(chain, params.optional(1, parseBlockId, LATEST)));
    }),
    eth_getStorageAt: method(3, (params) => {
      const address = params.required(0, parseAddress);
      const slot = params.required(1, parseWord);
      const id = params.optional(2, parseBlockId, LATEST);
      return after(stateNumber(chain, id), (number) => word(chain.storage(address, slot, number)));
    }),
  };
}

/** By the address as the client wrote it. */
async function readSlots(chain: ChainReader, requests: readonly StorageRequest[], number: bigint): Promise<JsonObject> {
  const values: [string, JsonValue][] = [];
  const slice = createSlicer();
  for (const { key, address, slots } of requests) {
    const words: string[] = [];
    for (const slot of slots) {
      words.push(word(chain.storage(address, slot, number)));
      await slice();
    }
    values.push([key, words]);
  }
  return Object.fromEntries(values);
}

function readAccount(
  chain: ChainReader,
  params: Params,
  show: (account: AccountView) => JsonValue,
): Eventual<JsonValue> {
  const address = params.required(0, parseAddress);
  const id = params.optional(1, parseBlockId, LATEST);
  return after(stateNumber(chain, id), (number) => show(chain.account(address, number)));
}
