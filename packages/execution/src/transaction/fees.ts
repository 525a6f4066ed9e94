import { type BlobTransaction, maxFeePerGas, maxPriorityFeePerGas, type UnsignedTransaction } from '@heddle/types';

/** EIP-4844. */
const GAS_PER_BLOB = 131_072n;

/** Wei that the sender pays at most for the gas of its blobs. */
function maxBlobFee(fields: UnsignedTransaction): bigint {
  return fields.type === 3 ? blobGas(fields) * fields.maxFeePerBlobGas : 0n;
}

/** Wei that the sender must own for the transaction to be valid: what it costs at most, and its value. */
export function maxCost(fields: UnsignedTransaction): bigint {
  return fields.gasLimit * maxFeePerGas(fields) + maxBlobFee(fields) + fields.value;
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
