import type { UnsignedTransaction } from '@heddle/types';

/** Wei a gas that the sender pays at most. */
export function maxFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxFeePerGas;
}

/** Wei a gas that the sender offers the coinbase at most. */
export function maxPriorityFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxPriorityFeePerGas;
}

/** EIP-1559: what each gas costs at this base fee, which is at most the maximum fee. */
export function effectiveGasPrice(fields: UnsignedTransaction, baseFeePerGas: bigint): bigint {
  const limit = maxFeePerGas(fields);
  const wanted = baseFeePerGas + maxPriorityFeePerGas(fields);
  return wanted < limit ? wanted : limit;
}
