import { IMPERSONATED_TYPE, isImpersonated, type SignedTransaction } from '@heddle/types';

/**
 * Why a network does not take the transaction: nobody signed it, and the genesis does not say devnet. Null for all others.
 * Every pool asks before it takes one, and every node of each in a block's parts before it executes them.
 */
export function impersonationRefusal(transaction: SignedTransaction, isDevnet: boolean): string | null {
  if (isDevnet || !isImpersonated(transaction)) return null;
  return `transaction type not supported: impersonated transactions (type 0x${IMPERSONATED_TYPE.toString(16)}) are for devnets only`;
}
