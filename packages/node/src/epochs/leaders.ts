import { seededPermutation } from '@heddle/consensus';
import { mixRandao } from '@heddle/execution';
import { assert, hexToBytes } from '@heddle/primitives';
import type { Block, Hash, ValidatorIndex } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';

/** What the first block of an epoch is built on: the last one of the epoch before, or genesis. */
export interface EpochBase {
  readonly hash: Hash;
  readonly block: Block;
}

/** The base of an epoch that has begun: its block is final. */
export function epochBase(chain: Chain, epoch: bigint): EpochBase {
  const height = chain.epochs.baseOf(epoch);
  const block = chain.store.blockByNumber(height);
  const hash = chain.store.blockHashByNumber(height);
  assert(block !== null && hash !== null, `epoch ${epoch} has begun: block ${height} is final`);
  return { block, hash };
}

/**
 * What leaders and producers of an epoch are drawn from: the randomness that the base leaves. It is signatures, which the
 * base's leader can hold back but not choose, while a block's hash may be tried out. At genesis there is none yet, so its
 * hash does.
 */
export function epochSeed({ hash, block }: EpochBase): Uint8Array {
  const { header, randaoReveal } = block;
  return hexToBytes(header.number === 0n ? hash : mixRandao(header.mixHash, randaoReveal));
}

/** Leaders of an epoch in turn. */
export function epochLeaders(base: EpochBase, validatorCount: number): readonly ValidatorIndex[] {
  return seededPermutation(epochSeed(base), validatorCount);
}
