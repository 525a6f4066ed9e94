import type { Address } from '@heddle/types';
import { findBlock, stateNumber } from '../chain/resolve.ts';
import { BadValueError, RefusedError } from '../errors.ts';
import { formatHeader } from '../format/block.ts';
import { quantity } from '../format/quantity.ts';
import { formatReceipt } from '../format/receipt.ts';
import { formatExecutedTransaction } from '../format/transaction.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MAX_SEARCH_PAGE } from '../limits.ts';
import { type BlockId, LATEST, parseBlockId, parseBlockNumberOrTag } from '../parse/block-id.ts';
import { parseAddress, parseHash } from '../parse/hex.ts';
import { parseCount } from '../parse/scalars.ts';
import type { BlockTransaction, ChainReader, FinalBlock } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';
import { type AddressPage, searchAfter, searchBefore } from '../search/by-address.ts';
import { findByNonce } from '../search/by-nonce.ts';
import { findCreation } from '../search/creation.ts';

/** The version of the interface that Otterscan asks for. */
const API_LEVEL = 8;

/** What the explorer Otterscan asks beside eth_*; those methods that need a trace are with the traces. */
export function otterscanMethods(chain: ChainReader): MethodTable {
  return {
    ots_getApiLevel: method(0, () => API_LEVEL),
    erigon_getHeaderByNumber: method(1, async (params) => {
      const block = await findBlock(chain, params.required(0, parseBlock));
      return block === null ? null : formatHeader(block);
    }),
    ots_hasCode: method(2, async (params) => {
      const address = params.required(0, parseAddress);
      const number = await stateNumber(chain, params.optional(1, parseBlockIdOrNumber, LATEST));
      return chain.account(address, number).code.length > 0;
    }),
    ots_getBlockDetails: method(1, (params) => blockDetails(chain, params.required(0, parseBlock))),
    ots_getBlockDetailsByHash: method(1, (params) =>
      blockDetails(chain, { kind: 'hash', hash: params.required(0, parseHash) }),
    ),
    ots_getBlockTransactions: method(3, async (params) => {
      const block = await findBlock(chain, params.required(0, parseBlock));
      const page = params.required(1, parseCount);
      const size = params.required(2, parsePageSize);
      return block === null ? null : blockPage(block, page, size);
    }),
    ots_searchTransactionsBefore: method(3, async (params, { signal }) => {
      const { address, number, size } = readSearch(params);
      return formatPage(await searchBefore(chain, address, number, size, signal));
    }),
    ots_searchTransactionsAfter: method(3, async (params, { signal }) => {
      const { address, number, size } = readSearch(params);
      return formatPage(await searchAfter(chain, address, number, size, signal));
    }),
    ots_getTransactionBySenderAndNonce: method(2, async (params, { signal }) => {
      const [sender, nonce] = readSenderAndNonce(params);
      const found = await findByNonce(chain, sender, nonce, signal);
      return found === null ? null : found.entry.transaction.hash;
    }),
    eth_getTransactionBySenderAndNonce: method(2, async (params, { signal }) => {
      const [sender, nonce] = readSenderAndNonce(params);
      const found = await findByNonce(chain, sender, nonce, signal);
      return found === null ? null : formatExecutedTransaction(found.block, found.entry);
    }),
    ots_getContractCreator: method(1, async (params, { signal }) => {
      const found = await findCreation(chain, params.required(0, parseAddress), signal);
      if (found === null) return null;
      if (found.creator !== null) return { hash: found.hash, creator: found.creator };
      throw new RefusedError(`several contracts created others in ${found.hash}: only its trace tells which`);
    }),
  };
}

function readSenderAndNonce(params: Params): readonly [Address, bigint] {
  return [params.required(0, parseAddress), BigInt(params.required(1, parseCount))];
}

interface Search {
  readonly address: Address;
  /** null: from the end that the search begins at. Otterscan says 0 for it. */
  readonly number: bigint | null;
  readonly size: number;
}

function readSearch(params: Params): Search {
  const number = BigInt(params.required(1, parseCount));
  return {
    address: params.required(0, parseAddress),
    number: number === 0n ? null : number,
    size: params.required(2, parsePageSize),
  };
}

function parsePageSize(value: unknown): number {
  const size = parseCount(value);
  if (size >= 1 && size <= MAX_SEARCH_PAGE) return size;
  throw new BadValueError(`want a page of 1 to ${MAX_SEARCH_PAGE}`);
}

/** Otterscan sends block numbers as JSON numbers, others as quantities or tags. */
function parseBlock(value: unknown): BlockId {
  return typeof value === 'number'
    ? { kind: 'number', number: BigInt(parseCount(value)) }
    : parseBlockNumberOrTag(value);
}

function parseBlockIdOrNumber(value: unknown): BlockId {
  return typeof value === 'number' ? parseBlock(value) : parseBlockId(value);
}

async function blockDetails(chain: ChainReader, id: BlockId): Promise<JsonValue> {
  const block = await findBlock(chain, id);
  if (block === null) return null;
  const totalFees = block.executed.reduce((sum, entry) => sum + entry.gasUsed * entry.effectiveGasPrice, 0n);
  return {
    block: blockHead(block),
    // Nothing is issued: validators live on tips.
    issuance: { blockReward: quantity(0), uncleReward: quantity(0), issuance: quantity(0) },
    totalFees: quantity(totalFees),
  };
}

function blockHead(block: FinalBlock): JsonObject {
  return { ...formatHeader(block), uncles: [], withdrawals: [], transactionCount: block.executed.length };
}

/** Page 0 are the last transactions of the block, as in Erigon; calldata is cut to the selector, logs are left out. */
function blockPage(block: FinalBlock, page: number, size: number): JsonObject {
  const end = Math.max(0, block.executed.length - page * size);
  const entries = block.executed.slice(Math.max(0, end - size), end);
  const transactions = entries.map((entry) => {
    const transaction = formatExecutedTransaction(block, entry);
    const { input } = transaction;
    return { ...transaction, input: typeof input === 'string' ? input.slice(0, 10) : '0x' };
  });
  const receipts = entries.map((entry) => ({ ...formatStamped(block, entry), logs: null, logsBloom: null }));
  return { fullblock: { ...blockHead(block), transactions }, receipts };
}

function formatStamped(block: FinalBlock, entry: BlockTransaction): JsonObject {
  return { ...formatReceipt(block, entry), timestamp: quantity(block.block.header.timestamp) };
}

function formatPage({ found, isNewest, isOldest }: AddressPage): JsonObject {
  return {
    txs: found.map(({ block, entry }) => formatExecutedTransaction(block, entry)),
    receipts: found.map(({ block, entry }) => formatStamped(block, entry)),
    firstPage: isNewest,
    lastPage: isOldest,
  };
}
