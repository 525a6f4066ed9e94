import type { ChunkHeader } from '@heddle/types';
import { BASE_FEE_MAX_CHANGE_DENOMINATOR, ELASTICITY_MULTIPLIER } from './limits.ts';

/**
 * EIP-1559, per shard: the base fee of the next chunk after `parent`, wei a gas. What counts is what was asked of the
 * shard: the gas that its chunk took, and the weight that still waits behind it, together at most the gas limit. So the
 * fee rises while a queue stands, by 1/8 a chunk at most, and with an empty one this is Ethereum's rule. A missing chunk
 * changes nothing, since its header is the last one. Below 8 wei the fee stops falling, by the rule's own rounding.
 */
export function nextBaseFee(
  parent: Pick<ChunkHeader, 'gasLimit' | 'gasUsed' | 'queuedWeight' | 'baseFeePerGas'>,
): bigint {
  const { gasLimit, gasUsed, queuedWeight, baseFeePerGas } = parent;
  const asked = gasUsed + queuedWeight < gasLimit ? gasUsed + queuedWeight : gasLimit;
  return eip1559BaseFee({ gasLimit, gasUsed: asked, baseFeePerGas });
}

/** EIP-1559 itself. */
export function eip1559BaseFee(parent: Pick<ChunkHeader, 'gasLimit' | 'gasUsed' | 'baseFeePerGas'>): bigint {
  const { gasLimit, gasUsed, baseFeePerGas } = parent;
  const target = gasLimit / ELASTICITY_MULTIPLIER;
  if (target === 0n || gasUsed === target) return baseFeePerGas;
  const distance = gasUsed > target ? gasUsed - target : target - gasUsed;
  const change = (baseFeePerGas * distance) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR;
  if (gasUsed > target) return baseFeePerGas + (change > 1n ? change : 1n);
  return baseFeePerGas - change;
}
