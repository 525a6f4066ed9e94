import type { BlockTransaction, FinalBlock } from '../ports.ts';

/** A transaction's tip for one unit of gas, wei, with the gas that it weighs. */
export interface WeightedTip {
  readonly tip: bigint;
  readonly gasUsed: bigint;
}

/** The tips of a block's transactions, smallest first. */
export function sortedTips(block: FinalBlock): readonly WeightedTip[] {
  const tips = block.executed.map((entry) => ({ tip: tipOf(entry), gasUsed: entry.gasUsed }));
  return tips.sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
}

/**
 * What the sender paid above the base fee of where it was executed. A transaction that came from another shard met the
 * higher of two base fees, at an earlier block: the declared tip bounds what is taken for its tip.
 */
function tipOf({ transaction: { fields }, effectiveGasPrice, baseFeePerGas }: BlockTransaction): bigint {
  const aboveBaseFee = effectiveGasPrice > baseFeePerGas ? effectiveGasPrice - baseFeePerGas : 0n;
  if (fields.type === 0 || fields.type === 1) return aboveBaseFee;
  return aboveBaseFee < fields.maxPriorityFeePerGas ? aboveBaseFee : fields.maxPriorityFeePerGas;
}
