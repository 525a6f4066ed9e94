import type { BlobTransaction, UnsignedTransaction } from '@heddle/types';

/** Wei a gas that the sender pays at most. */
export function maxFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxFeePerGas;
}

/** Wei a gas that the sender offers the coinbase at most. */
export function maxPriorityFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxPriorityFeePerGas;
}

/** EIP-4844. */
const GAS_PER_BLOB = 131_072n;

/** Wei that the sender pays at most for the gas of its blobs. */
export function maxBlobFee(fields: UnsignedTransaction): bigint {
  return fields.type === 3 ? blobGas(fields) * fields.maxFeePerBlobGas : 0n;
}

/** Wei that the gas of the blobs costs, all of it burned (EIP-4844). */
export function blobFee(fields: UnsignedTransaction, blobBaseFee: bigint): bigint {
  return fields.type === 3 ? blobGas(fields) * blobBaseFee : 0n;
}

function blobGas(fields: BlobTransaction): bigint {
  return GAS_PER_BLOB * BigInt(fields.blobVersionedHashes.length);
}

/** EIP-1559: what each gas costs at this base fee, which is at most the maximum fee. */
export function effectiveGasPrice(fields: UnsignedTransaction, baseFeePerGas: bigint): bigint {
  const limit = maxFeePerGas(fields);
  const wanted = baseFeePerGas + maxPriorityFeePerGas(fields);
  return wanted < limit ? wanted : limit;
}
