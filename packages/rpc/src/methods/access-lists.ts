import { bytesToHex } from '@heddle/primitives';
import { type BlockAccessList, encodeAccessList } from '@heddle/types';
import { findBlock, requireBlock } from '../chain/resolve.ts';
import { NotKeptError } from '../errors.ts';
import { formatAccess } from '../format/access-list.ts';
import type { JsonValue } from '../json.ts';
import { type BlockId, parseBlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseHash } from '../parse/hex.ts';
import type { ChainReader, FinalBlock } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';

/** What a block touched (EIP-7928), over all its parts. */
export function accessListMethods(chain: ChainReader): MethodTable {
  return {
    eth_getBlockAccessList: method(1, (params) => formattedList(chain, params.required(0, parseBlockId))),
    eth_getBlockAccessListByBlockNumber: method(1, (params) =>
      formattedList(chain, params.required(0, parseBlockNumberOrTag)),
    ),
    eth_getBlockAccessListByBlockHash: method(1, (params) =>
      formattedList(chain, { kind: 'hash', hash: params.required(0, parseHash) }),
    ),
    debug_getRawBlockAccessList: method(1, async (params) => {
      const block = await requireBlock(chain, params.required(0, parseBlockId));
      return bytesToHex(encodeAccessList(await requireList(chain, block)));
    }),
  };
}

/** Null for a block that is not there. */
async function formattedList(chain: ChainReader, id: BlockId): Promise<JsonValue> {
  const block = await findBlock(chain, id);
  if (block === null) return null;
  const slice = createSlicer();
  const accounts: JsonValue[] = [];
  for (const account of await requireList(chain, block)) {
    accounts.push(formatAccess(account));
    await slice();
  }
  return accounts;
}

async function requireList(chain: ChainReader, { block }: FinalBlock): Promise<BlockAccessList> {
  const { number } = block.header;
  const list = await chain.accessList(number);
  if (list !== null) return list;
  throw new NotKeptError(
    number === 0n
      ? 'resource not found: the genesis block has no access list'
      : `resource not found: the access list of block ${number} was not kept by the version that stored it`,
  );
}
