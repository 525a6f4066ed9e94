import { unreachable } from '@heddle/primitives';
import type { Message, UnsequencedMessage } from '@heddle/types';
import { CREDIT_WEIGHT, MIN_MESSAGE_WEIGHT, WEIGHT_PER_BYTE } from './limits.ts';

/**
 * What delivering a message counts in a chunk's delivery budget, in gas: max(gas, 10,000) + 16 a byte carried, and
 * 5,000 for a Credit. A Call's gas is what its home has left of the gas limit; its bytes are the transaction's encoding.
 */
export function messageWeight(message: Message | UnsequencedMessage): bigint {
  switch (message.kind) {
    case 'call': {
      const gas = message.transaction.fields.gasLimit - message.sourceGasUsed;
      return max(gas, MIN_MESSAGE_WEIGHT) + WEIGHT_PER_BYTE * BigInt(message.transaction.raw.length);
    }
    case 'transfer':
      return MIN_MESSAGE_WEIGHT;
    case 'credit':
      return CREDIT_WEIGHT;
    default:
      return unreachable(message, 'message kind');
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
