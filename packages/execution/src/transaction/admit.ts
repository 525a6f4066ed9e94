import { authorizationsOf, type RecoveredTransaction, type UnsignedTransaction } from '@heddle/types';
import type { World } from '../world/world.ts';
import { processAuthorizations } from './authorizations.ts';
import { blobFee, effectiveGasPrice } from './fees.ts';
import { calldataFloorGas, intrinsicGasOf } from './intrinsic-gas.ts';
import type { Admission, BlockEnvironment } from './types.ts';
import { checkBlock, checkFields, checkSender } from './validity.ts';

/**
 * Checks every validity rule, then uses the nonce, buys the gas and processes authorizations. The caller has begun the
 * index; execution, if it is here, must follow in the same. `environment.baseFeePerGas` is the effective one: for one
 * that is dispatched the higher of home's and the target shard's.
 * Throws `InvalidTransactionError` before anything has changed or been recorded, `RemoteTouchError` for an authority that
 * the world's guard forbids.
 */
export function admitTransaction(
  world: World,
  environment: BlockEnvironment,
  transaction: RecoveredTransaction,
): Admission {
  const { fields, sender } = transaction;
  const intrinsic = intrinsicGasOf(fields);
  const floorGas = calldataFloorGas(fields.data);
  checkFields(fields, environment.chainId, intrinsic, floorGas);
  checkBlock(transaction, environment);
  checkSender(world, transaction);

  const price = effectiveGasPrice(fields, environment.baseFeePerGas);
  world.setNonce(sender, fields.nonce + 1n);
  const burnedForBlobs = blobFee(fields, environment.blobBaseFee);
  world.subtractBalance(sender, fields.gasLimit * price + burnedForBlobs);
  const refund = processAuthorizations(world, environment.chainId, authorizationsOf(fields));
  return {
    transaction,
    effectiveGasPrice: price,
    burnedForBlobs,
    intrinsicGas: intrinsic,
    floorGas,
    authorizationRefund: refund,
  };
}

/** What BLOBHASH gives. */
export function blobHashesOf(fields: UnsignedTransaction): readonly bigint[] {
  return fields.type === 3 ? fields.blobVersionedHashes.map(BigInt) : [];
}
