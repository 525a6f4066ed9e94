import {
  calldataFloorGas,
  impersonationRefusal,
  intrinsicGasOf,
  MAX_INIT_CODE_SIZE,
  MAX_NONCE,
} from '@heddle/execution';
import { MAX_TRANSACTION_GAS, maxFeePerGas, maxPriorityFeePerGas, type RecoveredTransaction } from '@heddle/types';
import { MAX_TRANSACTION_BYTES } from './limits.ts';
import type { PoolRules } from './ports.ts';

/**
 * What can be judged by the transaction alone. Returns the reason to refuse it in geth's wording, or null.
 */
export function checkTransaction(transaction: RecoveredTransaction, rules: PoolRules): string | null {
  return (
    impersonationRefusal(transaction, rules.isDevnet) ??
    checkForm(transaction, rules) ??
    checkGas(transaction, rules) ??
    rules.tooHeavy(transaction) ??
    checkFees(transaction, rules)
  );
}

function checkForm({ fields, raw, sender }: RecoveredTransaction, rules: PoolRules): string | null {
  if (raw.length > MAX_TRANSACTION_BYTES) {
    return `oversized data: transaction size ${raw.length}, limit ${MAX_TRANSACTION_BYTES}`;
  }
  if (fields.type === 3) return 'transaction type not supported: this network takes no blob transactions (type 3)';
  // Type 0 without a chain id (before EIP-155) is valid on every chain: presigned deployments rely on it.
  if (fields.chainId !== null && fields.chainId !== rules.chainId) {
    return `invalid sender: invalid chain id for signer: have ${fields.chainId} want ${rules.chainId}`;
  }
  if (fields.nonce >= MAX_NONCE) return `nonce has max value: address ${sender}, nonce: ${fields.nonce}`;
  if (fields.to === null && fields.data.length > MAX_INIT_CODE_SIZE) {
    return `max initcode size exceeded: code size ${fields.data.length}, limit ${MAX_INIT_CODE_SIZE}`;
  }
  if (fields.type === 4 && fields.authorizationList.length === 0) {
    return 'set code tx must have at least one authorization tuple';
  }
  return null;
}

function checkGas({ fields }: RecoveredTransaction, rules: PoolRules): string | null {
  const { gasLimit } = fields;
  const chunkGasLimit = rules.chunkGasLimit();
  if (gasLimit > chunkGasLimit) {
    return `exceeds block gas limit: gas ${gasLimit}, limit ${chunkGasLimit}`;
  }
  if (gasLimit > MAX_TRANSACTION_GAS) {
    return `transaction gas limit too high (cap: ${MAX_TRANSACTION_GAS}, tx: ${gasLimit})`;
  }
  const intrinsic = intrinsicGasOf(fields);
  if (gasLimit < BigInt(intrinsic)) return `intrinsic gas too low: gas ${gasLimit}, minimum needed ${intrinsic}`;
  const floor = calldataFloorGas(fields.data);
  if (gasLimit < BigInt(floor)) {
    return `insufficient gas for floor data gas cost: gas ${gasLimit}, minimum needed ${floor}`;
  }
  return null;
}

function checkFees(transaction: RecoveredTransaction, rules: PoolRules): string | null {
  const { fields, sender } = transaction;
  const cap = maxFeePerGas(fields);
  const tip = maxPriorityFeePerGas(fields);
  if (tip > cap) {
    return (
      'max priority fee per gas higher than max fee per gas: ' +
      `address ${sender}, maxPriorityFeePerGas: ${tip}, maxFeePerGas: ${cap}`
    );
  }
  const minimum = rules.minimumFeeCap(transaction);
  if (cap < minimum) {
    return `max fee per gas less than block base fee: address ${sender}, maxFeePerGas: ${cap}, baseFee: ${minimum}`;
  }
  return null;
}
