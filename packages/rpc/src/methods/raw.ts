import { bytesToHex } from '@heddle/primitives';
import { EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import { findBlock, requireBlock } from '../chain/resolve.ts';
import { BadValueError, RefusedError } from '../errors.ts';
import { rawBlock, rawHeader, rawReceipt, rawTransaction } from '../format/raw.ts';
import type { JsonValue } from '../json.ts';
import { type BlockId, parseBlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseHash, parseUint64 } from '../parse/hex.ts';
import { parseString } from '../parse/scalars.ts';
import type { ChainReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';

/** Things in their binary form, for who hashes or executes them by himself. */
export function rawMethods(chain: ChainReader): MethodTable {
  return {
    debug_getRawHeader: method(1, async (params) => {
      const { block, hash } = await requireBlock(chain, params.required(0, parseBlockId));
      return rawHeader({ header: block.header, hash });
    }),
    debug_getRawBlock: method(1, async (params) =>
      rawBlock(await requireBlock(chain, params.required(0, parseBlockId))),
    ),
    debug_getRawReceipts: method(1, (params) => rawReceipts(chain, params.required(0, parseBlockId))),
    // geth: no bytes for one that is not there, where the eth_ methods say null.
    debug_getRawTransaction: method(
      1,
      async (params) => (await rawByHash(chain, params.required(0, parseHash))) ?? '0x',
    ),
    eth_getRawTransactionByHash: method(1, (params) => rawByHash(chain, params.required(0, parseHash))),
    eth_getRawTransactionByBlockNumberAndIndex: method(2, (params) =>
      rawAt(chain, params.required(0, parseBlockNumberOrTag), params.required(1, parseUint64)),
    ),
    eth_getRawTransactionByBlockHashAndIndex: method(2, (params) =>
      rawAt(chain, { kind: 'hash', hash: params.required(0, parseHash) }, params.required(1, parseUint64)),
    ),
    // A block is shown when it is final: a bad one never was.
    debug_getBadBlocks: method(0, () => []),
    debug_codeByHash: method(1, async (params) => {
      const code = await codeOf(chain, params.required(0, parseHash));
      return code === null ? null : bytesToHex(code);
    }),
    debug_dbGet: method(1, async (params) => {
      const code = await codeOf(chain, params.required(0, parseCodeKey));
      if (code === null) throw new RefusedError('not found: no code has this hash');
      return bytesToHex(code);
    }),
  };
}

async function rawReceipts(chain: ChainReader, id: BlockId): Promise<JsonValue> {
  const { executed } = await requireBlock(chain, id);
  const slice = createSlicer();
  const receipts: JsonValue[] = [];
  for (const entry of executed) {
    receipts.push(rawReceipt(entry));
    await slice();
  }
  return receipts;
}

async function rawByHash(chain: ChainReader, hash: Hash): Promise<string | null> {
  const located = await chain.transaction(hash);
  return located === null ? null : bytesToHex(located.transaction.raw);
}

async function rawAt(chain: ChainReader, id: BlockId, index: bigint): Promise<JsonValue> {
  const entry = (await findBlock(chain, id))?.executed[Number(index)];
  return entry === undefined ? null : rawTransaction(entry);
}

async function codeOf(chain: ChainReader, hash: Hash): Promise<Uint8Array | null> {
  return hash === EMPTY_CODE_HASH ? new Uint8Array() : chain.code(hash);
}

/** The one kind of geth's database keys that means something here: 'c' (0x63) and the code's hash. */
function parseCodeKey(value: unknown): Hash {
  const key = parseString(value);
  if (/^0x63[0-9a-fA-F]{64}$/.test(key)) return parseHash(`0x${key.slice(4)}`);
  throw new BadValueError('only code can be asked for: 0x63 and the 32 bytes of its hash');
}
