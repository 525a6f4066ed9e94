import { bytesToHex } from '@heddle/primitives';
import type {
  AccessList,
  Authorization,
  RecoveredTransaction,
  TransactionSignature,
  UnsignedTransaction,
} from '@heddle/types';
import type { JsonObject, JsonValue } from '../json.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';
import { quantity } from './quantity.ts';

/** What clients are shown of a transaction that nobody signed. */
export const NO_SIGNATURE: TransactionSignature = { yParity: 0, r: 0n, s: 0n };

/** A transaction that is not executed yet: in the pool, or on its way to its target's shard. */
export function formatPendingTransaction(transaction: RecoveredTransaction): JsonObject {
  const { fields } = transaction;
  const gasPrice = 'gasPrice' in fields ? fields.gasPrice : fields.maxFeePerGas;
  return {
    ...formatFields(transaction, gasPrice),
    blockHash: null,
    blockNumber: null,
    blockTimestamp: null,
    transactionIndex: null,
  };
}

/** `gasPrice` is what was paid. */
export function formatExecutedTransaction(
  block: Pick<FinalBlock, 'hash'> & { readonly block: Pick<FinalBlock['block'], 'header'> },
  entry: Pick<BlockTransaction, 'transaction' | 'effectiveGasPrice' | 'transactionIndex'>,
): JsonObject {
  const { header } = block.block;
  return {
    ...formatFields(entry.transaction, entry.effectiveGasPrice),
    blockHash: block.hash,
    blockNumber: quantity(header.number),
    blockTimestamp: quantity(header.timestamp),
    transactionIndex: quantity(entry.transactionIndex),
  };
}

function formatFields(transaction: RecoveredTransaction, gasPrice: bigint): JsonObject {
  const { fields } = transaction;
  const signature = 'sender' in transaction.signature ? NO_SIGNATURE : transaction.signature;
  return {
    type: quantity(fields.type),
    hash: transaction.hash,
    from: transaction.sender,
    to: fields.to,
    nonce: quantity(fields.nonce),
    gas: quantity(fields.gasLimit),
    gasPrice: quantity(gasPrice),
    value: quantity(fields.value),
    input: bytesToHex(fields.data),
    r: quantity(signature.r),
    s: quantity(signature.s),
    ...formatTypedFields(fields, signature),
  };
}

/** What depends on the type. `v` of a typed transaction repeats yParity, for clients that know no other name. */
function formatTypedFields(fields: UnsignedTransaction, signature: TransactionSignature): JsonObject {
  if (fields.type === 0) return formatLegacySignature(fields.chainId, signature.yParity);
  const yParity = quantity(signature.yParity);
  const common = {
    chainId: quantity(fields.chainId),
    accessList: formatAccessList(fields.accessList),
    yParity,
    v: yParity,
  };
  if (fields.type === 1) return common;
  const feeMarket = {
    ...common,
    maxFeePerGas: quantity(fields.maxFeePerGas),
    maxPriorityFeePerGas: quantity(fields.maxPriorityFeePerGas),
  };
  if (fields.type === 2) return feeMarket;
  if (fields.type === 3) {
    const { maxFeePerBlobGas, blobVersionedHashes } = fields;
    return { ...feeMarket, maxFeePerBlobGas: quantity(maxFeePerBlobGas), blobVersionedHashes };
  }
  return { ...feeMarket, authorizationList: fields.authorizationList.map(formatAuthorization) };
}

/** EIP-155; before it, v is 27 or 28 and there is no chain ID. */
function formatLegacySignature(chainId: bigint | null, yParity: 0 | 1): JsonObject {
  if (chainId === null) return { v: quantity(27 + yParity) };
  return { v: quantity(chainId * 2n + 35n + BigInt(yParity)), chainId: quantity(chainId) };
}

export function formatAccessList(accessList: AccessList): JsonValue {
  return accessList.map(({ address, storageKeys }) => ({ address, storageKeys }));
}

function formatAuthorization(authorization: Authorization): JsonObject {
  return {
    chainId: quantity(authorization.chainId),
    address: authorization.address,
    nonce: quantity(authorization.nonce),
    yParity: quantity(authorization.yParity),
    r: quantity(authorization.r),
    s: quantity(authorization.s),
  };
}
