import type { World } from '../world/world.ts';
import type { Admission, BlockEnvironment, ExecutionOutcome } from './types.ts';

/** Where the wei that bought gas went. burned + tip + what went back to the sender = what admission took. */
export interface FeeSettlement {
  /** EIP-1559: base fee · gas used, and EIP-4844: the fee of the blobs. They ceased to exist. */
  readonly burned: bigint;
  /** (effective price − base fee) · gas used. In the coinbase's balance if `payCoinbase`, else the caller's to place. */
  readonly tip: bigint;
}

/**
 * Pays the unused gas back to the sender and, when `payCoinbase`, the tip to the coinbase. Comes before
 * `World.finishTransaction`, as on Ethereum: what a destroyed contract is paid ceases to exist.
 */
export function settleFees(
  world: World,
  environment: BlockEnvironment,
  admission: Admission,
  outcome: ExecutionOutcome,
  payCoinbase: boolean,
): FeeSettlement {
  const { transaction, effectiveGasPrice } = admission;
  const gasUsed = BigInt(outcome.gasUsed);
  world.addBalance(transaction.sender, (transaction.fields.gasLimit - gasUsed) * effectiveGasPrice);
  const tip = (effectiveGasPrice - environment.baseFeePerGas) * gasUsed;
  // A tip of zero touches the coinbase too (EIP-7928 lists it as read).
  if (payCoinbase) world.addBalance(environment.coinbase, tip);
  return { burned: environment.baseFeePerGas * gasUsed + admission.burnedForBlobs, tip };
}
