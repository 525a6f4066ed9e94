import type { UnsignedTransaction } from '@heddle/types';

/** The most that the sender pays for a gas, wei. */
export function feeCap(fields: UnsignedTransaction): bigint {
  return 'maxFeePerGas' in fields ? fields.maxFeePerGas : fields.gasPrice;
}

/** The most that the fee recipient gets for a gas, wei. */
export function tipCap(fields: UnsignedTransaction): bigint {
  return 'maxPriorityFeePerGas' in fields ? fields.maxPriorityFeePerGas : fields.gasPrice;
}

/** What the fee recipient gets for a gas at `baseFee`, wei (EIP-1559). Negative when the fee cap is below `baseFee`. */
export function effectiveTip(fields: UnsignedTransaction, baseFee: bigint): bigint {
  const room = feeCap(fields) - baseFee;
  const tip = tipCap(fields);
  return tip < room ? tip : room;
}

/** What the sender has to own for the transaction to be valid, wei: gasLimit · fee cap + value. */
export function upfrontCost(fields: UnsignedTransaction): bigint {
  return fields.gasLimit * feeCap(fields) + fields.value;
}
