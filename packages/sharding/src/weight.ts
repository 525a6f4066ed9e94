import { unreachable } from '@heddle/primitives';
import type { Message, RecoveredTransaction, UnsequencedMessage } from '@heddle/types';
import { CREDIT_WEIGHT, MIN_MESSAGE_WEIGHT, WEIGHT_PER_BYTE } from './limits.ts';

/**
 * What delivering a message counts in a chunk's delivery budget, in gas: max(gas, 10,000) + 16 a byte carried, and
 * 5,000 for a Credit. A Call's gas is what its home has left of the gas limit; its bytes are the transaction's encoding.
 */
export function messageWeight(message: Message | UnsequencedMessage): bigint {
  switch (message.kind) {
    case 'call':
      return callWeight(message.transaction, message.sourceGasUsed);
    case 'credit':
      return CREDIT_WEIGHT;
    default:
      return unreachable(message, 'message kind');
  }
}

/**
 * What a delivered message has taken of the budget, in gas: `gasUsed` is what its execution really used, refunds not
 * counted, 0 for one that executed nothing. Never more than `messageWeight`: declared gas alone blocks nobody.
 */
export function deliveredWeight(message: Message, gasUsed: bigint): bigint {
  if (message.kind !== 'call') return messageWeight(message);
  return max(gasUsed, MIN_MESSAGE_WEIGHT) + WEIGHT_PER_BYTE * BigInt(message.transaction.raw.length);
}

/** The same as `messageWeight` for the Call that a transaction would travel as; `sourceGasUsed` is what its home charges: the intrinsic gas. */
export function callWeight({ fields, raw }: RecoveredTransaction, sourceGasUsed: bigint): bigint {
  return max(fields.gasLimit - sourceGasUsed, MIN_MESSAGE_WEIGHT) + WEIGHT_PER_BYTE * BigInt(raw.length);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
