import type { ChunkHeader } from '@heddle/types';
import { BASE_FEE_MAX_CHANGE_DENOMINATOR, ELASTICITY_MULTIPLIER } from './limits.ts';

/**
 * EIP-1559, per shard: the base fee of the next chunk after `parent`, wei a gas. A missing chunk changes nothing, since
 * its header is the last one. Below 8 wei the fee stops falling, by the rule's own rounding.
 */
export function nextBaseFee(parent: Pick<ChunkHeader, 'gasLimit' | 'gasUsed' | 'baseFeePerGas'>): bigint {
  const { gasLimit, gasUsed, baseFeePerGas } = parent;
  const target = gasLimit / ELASTICITY_MULTIPLIER;
  if (target === 0n || gasUsed === target) return baseFeePerGas;
  const distance = gasUsed > target ? gasUsed - target : target - gasUsed;
  const change = (baseFeePerGas * distance) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR;
  if (gasUsed > target) return baseFeePerGas + (change > 1n ? change : 1n);
  return baseFeePerGas - change;
}
