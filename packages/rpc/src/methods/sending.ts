import { type Hash, type RecoveredTransaction, ZERO_ADDRESS } from '@heddle/types';
import { NonceGapError, SendTimeoutError, TransactionRefusedError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import { formatFilled } from '../format/filled-transaction.ts';
import { quantity } from '../format/quantity.ts';
import { formatReceipt } from '../format/receipt.ts';
import type { JsonObject } from '../json.ts';
import { DEFAULT_SEND_WAIT_MS, MAX_SEND_WAIT_MS } from '../limits.ts';
import { parseBytes } from '../parse/hex.ts';
import { decodeRaw } from '../parse/raw-transaction.ts';
import { parseCount } from '../parse/scalars.ts';
import { parseTransactionObject } from '../parse/transaction-object.ts';
import type { PoolAccess, RpcBackend } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { controlMethod, method } from '../protocol/method.ts';
import { checkSendable, fillTransaction } from '../wallet/fill-transaction.ts';
import type { InclusionWatch } from '../wallet/inclusion-watch.ts';
import type { Sender } from '../wallet/sender.ts';

/** Transactions on their way in, and what clients ask right before they send one. */
export function sendingMethods(
  { chain, calls, pool }: RpcBackend,
  tips: TipOracle,
  sender: Sender,
  watch: InclusionWatch,
): MethodTable {
  return {
    eth_sendRawTransaction: method(1, async (params, { answerAfter }) => {
      const hash = await submit(pool, decodeRaw(params.required(0, parseBytes)));
      answerAfter(pool.executed(hash));
      return hash;
    }),
    // EIP-7966.
    eth_sendRawTransactionSync: method(2, async (params, { signal }) => {
      const transaction = decodeRaw(params.required(0, parseBytes));
      const waitMs = params.optional(1, parseWait, DEFAULT_SEND_WAIT_MS);
      await refuseGap(pool, transaction);
      return receiptOf(watch, await submit(pool, transaction), waitMs, signal);
    }),
    eth_sendTransactionSync: controlMethod(2, async (params, { signal }) => {
      const request = params.required(0, parseTransactionObject);
      const waitMs = params.optional(1, parseWait, DEFAULT_SEND_WAIT_MS);
      return receiptOf(watch, await sender.send(request, signal), waitMs, signal);
    }),
    eth_fillTransaction: method(1, async (params, { signal }) => {
      const request = params.required(0, parseTransactionObject);
      checkSendable(request, chain.chainId);
      const from = request.from ?? ZERO_ADDRESS;
      const nonce = request.nonce ?? (await pool.pendingNonce(from));
      return formatFilled(await fillTransaction(request, from, nonce, { chain, calls, tips, signal }), from);
    }),
  };
}

async function submit(pool: PoolAccess, transaction: RecoveredTransaction): Promise<Hash> {
  const submitted = await pool.submit(transaction);
  if (!submitted.ok) throw new TransactionRefusedError(submitted.reason);
  return submitted.hash;
}

/** EIP-7966: 0 and what is longer than the node allows mean the node's own choice. Milliseconds. */
function parseWait(value: unknown): number {
  const waitMs = parseCount(value);
  if (waitMs === 0) return DEFAULT_SEND_WAIT_MS;
  return Math.min(waitMs, MAX_SEND_WAIT_MS);
}

/** Nobody can wait for a transaction that itself waits for another one. Throws NonceGapError; nothing is sent then. */
async function refuseGap(pool: PoolAccess, { sender, fields }: RecoveredTransaction): Promise<void> {
  const next = await pool.pendingNonce(sender);
  if (fields.nonce > next) throw new NonceGapError(fields.nonce, next, quantity(next));
}

async function receiptOf(watch: InclusionWatch, hash: Hash, waitMs: number, signal: AbortSignal): Promise<JsonObject> {
  const included = await watch.wait(hash, waitMs, signal);
  if (included === null) throw new SendTimeoutError(hash, waitMs);
  return formatReceipt(included.block, included.entry);
}
