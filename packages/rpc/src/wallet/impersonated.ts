import {
  accessListOf,
  type FeeMarketTransaction,
  maxFeePerGas,
  maxPriorityFeePerGas,
  type UnsignedTransaction,
} from '@heddle/types';
import { InvalidParamsError } from '../errors.ts';

/** An impersonated transaction has the fields of type 2, whatever type the user asked for. Throws InvalidParamsError. */
export function impersonatedFields(fields: UnsignedTransaction, chainId: bigint): FeeMarketTransaction {
  if (fields.type === 4) {
    throw new InvalidParamsError(
      'invalid argument 0: an impersonated account cannot send a transaction with an authorizationList (type 0x4): send it from an account whose key the node has',
    );
  }
  const { nonce, gasLimit, to, value, data } = fields;
  return {
    type: 2,
    chainId,
    nonce,
    maxPriorityFeePerGas: maxPriorityFeePerGas(fields),
    maxFeePerGas: maxFeePerGas(fields),
    gasLimit,
    to,
    value,
    data,
    accessList: accessListOf(fields),
  };
}
