import { nextBaseFee } from '@heddle/execution';
import { type BlockHeader, ZERO_HASH } from '@heddle/types';
import { MAX_SIMULATED_BLOCKS } from '../../limits.ts';
import type { BlockFacts } from '../../types.ts';
import { NO_BLOCK_OVERRIDES } from '../block.ts';
import { REFUSAL, RefusedSimulation } from './refused.ts';
import type { SimulatedBlockRequest, SimulateTask } from './types.ts';

/**
 * The blocks with their numbers and times, ascending; numbers that are passed over are blocks without calls, as in geth.
 * Throws `RefusedSimulation`.
 */
export function sequenceBlocks({ base, blocks }: SimulateTask): readonly SimulatedBlockRequest[] {
  const sequence: SimulatedBlockRequest[] = [];
  let { number, timestamp } = base.header;
  const last = number + BigInt(MAX_SIMULATED_BLOCKS);
  for (const block of blocks) {
    const wanted = block.overrides.number ?? number + 1n;
    if (wanted <= number) {
      throw new RefusedSimulation(REFUSAL.blockNumber, `block numbers must be in order: ${wanted} <= ${number}`);
    }
    if (wanted > last) throw new RefusedSimulation(REFUSAL.limit, 'too many blocks');
    while (number + 1n < wanted) {
      number++;
      timestamp++;
      const overrides = { ...NO_BLOCK_OVERRIDES, number, time: timestamp };
      sequence.push({ overrides, stateOverrides: new Map(), calls: [] });
    }
    number = wanted;
    const time = block.overrides.time ?? timestamp + 1n;
    if (time <= timestamp) {
      throw new RefusedSimulation(REFUSAL.blockTime, `block timestamps must be in order: ${time} <= ${timestamp}`);
    }
    timestamp = time;
    sequence.push({ ...block, overrides: { ...block.overrides, number, time } });
  }
  return sequence;
}

/** What code sees of a block on `parent`. */
export function factsOn(parent: BlockHeader, { overrides }: SimulatedBlockRequest, task: SimulateTask): BlockFacts {
  return {
    chainId: task.chainId,
    number: overrides.number ?? parent.number + 1n,
    timestamp: overrides.time ?? parent.timestamp + 1n,
    coinbase: overrides.feeRecipient ?? parent.coinbase,
    gasLimit: overrides.gasLimit ?? parent.gasLimit,
    baseFeePerGas: overrides.baseFeePerGas ?? (task.validation ? nextBaseFee({ ...parent, queuedWeight: 0n }) : 0n),
    prevRandao: overrides.prevRandao ?? ZERO_HASH,
    blobBaseFee: overrides.blobBaseFee ?? 1n,
  };
}
