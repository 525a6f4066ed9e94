import { type Address, maxFeePerGas, type RecoveredTransaction } from '@heddle/types';
import { ResponseTooLargeError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import { formatPendingTransaction } from '../format/transaction.ts';
import type { JsonValue } from '../json.ts';
import { JsonText } from '../json-text.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import { parseAddress } from '../parse/hex.ts';
import type { AccountKeys, PoolAccess } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { createSlicer, type Slicer } from '../slices.ts';

/** Characters that a transaction takes in JSON beside its data, at least. */
const LENGTH_WITHOUT_DATA = 700;

/** What waits in the pool of the validator that answers. */
export function poolMethods(pool: PoolAccess, accounts: AccountKeys): MethodTable {
  return {
    txpool_status: method(0, async () => {
      const { pending, queued } = await sortPool(pool, pool.pending());
      return { pending: quantity(pending.length), queued: quantity(queued.length) };
    }),
    txpool_content: method(0, () => contentText(pool, pool.pending(), true)),
    txpool_contentFrom: method(1, (params) => {
      const address = params.required(0, parseAddress);
      return contentText(
        pool,
        pool.pending().filter(({ sender }) => sender === address),
        false,
      );
    }),
    txpool_inspect: method(0, async () => stagesText(await sortPool(pool, pool.pending()), summaryOf, true)),
    // geth: those of the accounts that the node can sign for.
    eth_pendingTransactions: method(0, async () => {
      const unlocked = new Set(accounts.addresses());
      const own = pool.pending().filter(({ sender }) => unlocked.has(sender));
      checkLength(own);
      return own.map(formatPendingTransaction);
    }),
  };
}

async function contentText(
  pool: PoolAccess,
  transactions: readonly RecoveredTransaction[],
  isGrouped: boolean,
): Promise<JsonText> {
  checkLength(transactions);
  return stagesText(await sortPool(pool, transactions), formatPendingTransaction, isGrouped);
}

/** `pending` can be executed next, one after the other; `queued` waits for a nonce before it. */
interface SortedPool {
  readonly pending: readonly RecoveredTransaction[];
  readonly queued: readonly RecoveredTransaction[];
}

/** By sender and nonce. */
async function sortPool(pool: PoolAccess, transactions: readonly RecoveredTransaction[]): Promise<SortedPool> {
  const pending: RecoveredTransaction[] = [];
  const queued: RecoveredTransaction[] = [];
  const nextNonces = new Map<Address, bigint>();
  const slice = createSlicer();
  for (const transaction of transactions.toSorted(compareNonces)) {
    const { sender, fields } = transaction;
    const next = nextNonces.get(sender) ?? (await pool.pendingNonce(sender));
    nextNonces.set(sender, next);
    (fields.nonce < next ? pending : queued).push(transaction);
    await slice();
  }
  return { pending, queued };
}

function compareNonces({ fields: a }: RecoveredTransaction, { fields: b }: RecoveredTransaction): number {
  return a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0;
}

type Format = (transaction: RecoveredTransaction) => JsonValue;

/** Both stages as text, made in slices: a pool may hold thousands. Throws ResponseTooLargeError. */
async function stagesText({ pending, queued }: SortedPool, format: Format, isGrouped: boolean): Promise<JsonText> {
  const write = isGrouped ? sendersText : noncesText;
  const slice = createSlicer();
  const texts = [await write(pending, format, slice), await write(queued, format, slice)];
  return JsonText.of(`{"pending":${texts[0]},"queued":${texts[1]}}`);
}

async function sendersText(
  transactions: readonly RecoveredTransaction[],
  format: Format,
  slice: Slicer,
): Promise<string> {
  const senders: string[] = [];
  for (const [sender, own] of Map.groupBy(transactions, (transaction) => transaction.sender)) {
    senders.push(`"${sender}":${await noncesText(own, format, slice)}`);
  }
  return `{${senders.join(',')}}`;
}

/** Nonces in decimal, as in geth. */
async function noncesText(
  transactions: readonly RecoveredTransaction[],
  format: Format,
  slice: Slicer,
): Promise<string> {
  const texts: string[] = [];
  for (const transaction of transactions) {
    texts.push(`"${transaction.fields.nonce}":${JSON.stringify(format(transaction))}`);
    await slice();
  }
  return `{${texts.join(',')}}`;
}

/** geth's line: '0x…: 1 wei + 21000 gas × 2000000000 wei'. */
function summaryOf({ fields }: RecoveredTransaction): string {
  const { to, value, gasLimit } = fields;
  return `${to ?? 'contract creation'}: ${value} wei + ${gasLimit} gas × ${maxFeePerGas(fields)} wei`;
}

/** Before anything is built: what can't be sent would hold the memory for nothing. */
function checkLength(transactions: readonly RecoveredTransaction[]): void {
  const length = transactions.reduce((sum, { raw }) => sum + LENGTH_WITHOUT_DATA + 2 * raw.length, 0);
  if (length > MAX_RESPONSE_LENGTH) throw new ResponseTooLargeError(MAX_RESPONSE_LENGTH);
}
