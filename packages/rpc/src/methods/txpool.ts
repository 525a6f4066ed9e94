import { type Address, maxFeePerGas, type RecoveredTransaction } from '@heddle/types';
import { ResponseTooLargeError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import { formatPendingTransaction } from '../format/transaction.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import { parseAddress } from '../parse/hex.ts';
import type { AccountKeys, PoolAccess } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import { createSlicer } from '../slices.ts';

/** Characters that a transaction takes in JSON beside its data, at least. */
const LENGTH_WITHOUT_DATA = 700;

/** What waits in the pool of the validator that answers. */
export function poolMethods(pool: PoolAccess, accounts: AccountKeys): MethodTable {
  return {
    txpool_status: method(0, async () => {
      const { pending, queued } = await sortPool(pool, pool.pending());
      return { pending: quantity(pending.length), queued: quantity(queued.length) };
    }),
    txpool_content: method(0, async () => byStage(await sortPool(pool, pool.pending()), bySender, formatListed)),
    txpool_inspect: method(0, async () => byStage(await sortPool(pool, pool.pending()), bySender, summaryOf)),
    txpool_contentFrom: method(1, async (params) => {
      const address = params.required(0, parseAddress);
      const own = pool.pending().filter(({ sender }) => sender === address);
      return byStage(await sortPool(pool, own), byNonce, formatListed);
    }),
    // geth: those of the accounts that the node can sign for.
    eth_pendingTransactions: method(0, async () => {
      const unlocked = new Set(accounts.addresses());
      const own = pool.pending().filter(({ sender }) => unlocked.has(sender));
      checkLength(own);
      return own.map(formatPendingTransaction);
    }),
  };
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
type Grouping = (transactions: readonly RecoveredTransaction[], format: Format) => JsonObject;

/** Throws ResponseTooLargeError. */
function byStage({ pending, queued }: SortedPool, group: Grouping, format: Format): JsonObject {
  if (format === formatListed) checkLength([...pending, ...queued]);
  return { pending: group(pending, format), queued: group(queued, format) };
}

function bySender(transactions: readonly RecoveredTransaction[], format: Format): JsonObject {
  return Object.fromEntries(
    [...Map.groupBy(transactions, ({ sender }) => sender)].map(
      ([sender, own]) => [sender, byNonce(own, format)] as const,
    ),
  );
}

/** Nonces in decimal, as in geth. */
function byNonce(transactions: readonly RecoveredTransaction[], format: Format): JsonObject {
  return Object.fromEntries(
    transactions.map((transaction) => [transaction.fields.nonce.toString(), format(transaction)] as const),
  );
}

const formatListed: Format = (transaction) => formatPendingTransaction(transaction);

/** geth's line: '0x…: 1 wei + 21000 gas × 2000000000 wei'. */
const summaryOf: Format = ({ fields }) =>
  `${fields.to ?? 'contract creation'}: ${fields.value} wei + ${fields.gasLimit} gas × ${maxFeePerGas(fields)} wei`;

/** Before anything is built: what can't be sent would hold the memory for nothing. */
function checkLength(transactions: readonly RecoveredTransaction[]): void {
  const length = transactions.reduce((sum, { raw }) => sum + LENGTH_WITHOUT_DATA + 2 * raw.length, 0);
  if (length > MAX_RESPONSE_LENGTH) throw new ResponseTooLargeError(MAX_RESPONSE_LENGTH);
}
