import type { Address } from './ids.ts';
import type { AccessList, Authorization, SignedTransaction, UnsignedTransaction } from './transaction.ts';

/* What a transaction of any type has, whatever its type calls it. */

/** Wei a gas that the sender pays at most. */
export function maxFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxFeePerGas;
}

/** Wei a gas that the sender offers the coinbase at most. */
export function maxPriorityFeePerGas(fields: UnsignedTransaction): bigint {
  return fields.type === 0 || fields.type === 1 ? fields.gasPrice : fields.maxPriorityFeePerGas;
}

export function accessListOf(fields: UnsignedTransaction): AccessList {
  return fields.type === 0 ? [] : fields.accessList;
}

export function authorizationsOf(fields: UnsignedTransaction): readonly Authorization[] {
  return fields.type === 4 ? fields.authorizationList : [];
}

/** Who sends an impersonated transaction; null for one that is signed. */
export function impersonatedSender({ signature }: Pick<SignedTransaction, 'signature'>): Address | null {
  return 'sender' in signature ? signature.sender : null;
}

export function isImpersonated(transaction: Pick<SignedTransaction, 'signature'>): boolean {
  return impersonatedSender(transaction) !== null;
}
